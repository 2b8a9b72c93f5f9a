using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>What is asked of a track before it is published.</summary>
public sealed record PublishingRules
{
    /// <summary>Whether someone must publish it who has not drawn it.</summary>
    public bool NeedsFourEyes { get; init; }

    /// <summary>How many approvals a day the team can give; null without a limit.</summary>
    public int? ApprovalsPerDay { get; init; }

    /// <summary>How many calls a day the team can make; null without a limit.</summary>
    public int? CallsPerDay { get; init; }

    /// <summary>Reads them from a rulebook's <c>publishing</c>.</summary>
    internal static PublishingRules Read(JsonShape rulebook)
    {
        if (rulebook.Object("publishing") is not { } publishing)
        {
            return new PublishingRules();
        }

        publishing.AllowOnly("fourEyes", "approvalsPerDay", "callsPerDay");
        return new PublishingRules
        {
            NeedsFourEyes = publishing.Boolean("fourEyes") ?? false,
            ApprovalsPerDay = Count(publishing, "approvalsPerDay"),
            CallsPerDay = Count(publishing, "callsPerDay"),
        };
    }

    private static int? Count(JsonShape publishing, string name)
    {
        if (publishing.Integer(name) is not { } number)
        {
            return null;
        }

        if (number is < 1 or > 1_000_000)
        {
            publishing.Fault(name, $"is {number}; expected 1 to 1000000.");
        }

        return (int)Math.Clamp(number, 1, 1_000_000);
    }
}
