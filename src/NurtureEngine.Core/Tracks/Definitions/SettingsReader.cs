using System.Collections.Immutable;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Scriban;

namespace NurtureEngine.Core.Tracks.Definitions;

/// <summary>Reads a track's own settings from <c>customProperties.nurture</c>.</summary>
internal static class SettingsReader
{
    private static readonly string[] Types =
    [
        "welcome",
        "drip",
        "reactivation",
        "viewpoint",
        "product",
        "competitive",
        "introduction",
        "mid-funnel",
        "bottom-funnel",
        "customer",
    ];

    /// <summary>The names of all settings.</summary>
    public static string[] Names { get; } =
    ["type", "lifeCycle", "lane", "priority", "audience", "reEnrolment", "exitStages", "timeLimit", "sender"];

    public static TrackSettings Read(JsonShape definition, Rulebook rulebook)
    {
        var fallback = new TrackSettings { Type = "", LifeCycle = rulebook.LifeCycles[0].Name };
        if (definition.RequiredObject("customProperties")?.RequiredObject("nurture") is not { } nurture)
        {
            return fallback;
        }

        nurture.AllowOnly(Names);
        if (!nurture.Has("type"))
        {
            nurture.Fault("type", $"is missing; expected one of {string.Join(", ", Types)}.");
        }

        var cycle = rulebook.FindLifeCycle(nurture.Text("lifeCycle"));
        if (cycle is null)
        {
            nurture.Fault(
                "lifeCycle",
                $"'{nurture.Text("lifeCycle")}' is no life cycle; expected one of {string.Join(", ", rulebook.LifeCycles.Select(c => c.Name))}."
            );
        }

        return new TrackSettings
        {
            Type = nurture.Choice("type", Types) ?? "",
            LifeCycle = cycle?.Name ?? fallback.LifeCycle,
            Lane = nurture.Text("lane") is { Length: > 0 } lane ? lane : null,
            Priority = ReadPriority(nurture),
            ReEnrolment =
                nurture.Choice("reEnrolment", "once", "perOccasion") == "perOccasion"
                    ? ReEnrolment.PerOccasion
                    : ReEnrolment.Once,
            ExitStages = ReadExitStages(nurture, cycle),
            Sender = ReadSender(nurture, rulebook),
            Audience = ReadAudience(nurture),
            TimeLimit = nurture.Duration("timeLimit"),
        };
    }

    private static int ReadPriority(JsonShape nurture)
    {
        var priority = nurture.Integer("priority") ?? TrackSettings.UsualPriority;
        if (priority is < 0 or > 100)
        {
            nurture.Fault("priority", $"is {priority}; expected 0 to 100.");
        }

        return (int)Math.Clamp(priority, 0, 100);
    }

    private static ImmutableArray<string> ReadExitStages(JsonShape nurture, LifeCycle? cycle)
    {
        var stages = ImmutableArray.CreateBuilder<string>();
        foreach (var name in nurture.Texts("exitStages"))
        {
            if (cycle?.FindStage(name) is { } stage)
            {
                stages.Add(stage.Name);
            }
            else if (cycle is not null)
            {
                nurture.Fault(
                    "exitStages",
                    $"'{name}' is no stage of life cycle '{cycle.Name}'; expected {string.Join(", ", cycle.Stages.Select(s => s.Name))}."
                );
            }
        }

        return stages.ToImmutable();
    }

    private static Condition? ReadAudience(JsonShape nurture)
    {
        if (nurture.Text("audience") is not { Length: > 0 } text)
        {
            return null;
        }

        var audience = Condition.TryParse(text, out var faults);
        foreach (var fault in faults)
        {
            nurture.Fault("audience", $"'{text}' {fault.Line}:{fault.Column}: {fault.Message}");
        }

        foreach (var read in audience?.Fields.Where(read => !KnownFields.IsKnown(read.Path)) ?? [])
        {
            nurture.Fault("audience", $"reads '{read.Path}', which is no field; expected {KnownFields.Expected}.");
        }

        return audience;
    }

    private static string ReadSender(JsonShape nurture, Rulebook rulebook)
    {
        var sender = nurture.Text("sender") ?? "default";
        if (!rulebook.Senders.ContainsKey(sender))
        {
            nurture.Fault(
                "sender",
                $"'{sender}' is no sender of the rulebook; expected one of {string.Join(", ", rulebook.Senders.Keys)}."
            );
        }

        return sender;
    }
}
