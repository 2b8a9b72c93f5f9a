using System.Collections.Immutable;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Templating;
using NurtureEngine.Core.Tracks.Activities;

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
    [
        "type",
        "aim",
        "lifeCycle",
        "lane",
        "whenTaken",
        "priority",
        "audience",
        "cadence",
        "whenHeld",
        "whenRepeated",
        "sender",
        "owner",
        "outcomes",
        "timeLimit",
        "successor",
        "exitStages",
        "exitWhen",
        "exitOnReply",
        "goal",
        "reEnrolment",
        "atHandoff",
        "expectedResult",
        "expectedRates",
    ];

    public static TrackSettings Read(JsonShape definition, CompileContext context)
    {
        var rulebook = context.Rulebook;
        var fallback = new TrackSettings { Type = "", LifeCycle = rulebook.LifeCycles[0].Name };
        if (definition.RequiredObject("customProperties")?.RequiredObject("nurture") is not { } nurture)
        {
            return fallback;
        }

        nurture.AllowOnly(Names);
        if (nurture.Lacks("type"))
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
            Owner = nurture.Text("owner") is { Length: > 0 } owner ? owner : null,
            Outcomes = TrackOutcomesReader.Read(nurture, cycle),
            Audience = ReadCondition(nurture, "audience", context),
            Goal = ReadCondition(nurture, "goal", context),
            ExitWhen = ReadCondition(nurture, "exitWhen", context),
            ExitsOnReply = nurture.Boolean("exitOnReply") ?? false,
            Aim = nurture.Choice("aim", Words<TrackAim>()) is { } aim
                ? Enum.Parse<TrackAim>(aim, ignoreCase: true)
                : null,
            WhenTaken = ReadWord<WhenTaken>(nurture, "whenTaken"),
            AtHandoff = ReadWord<AtHandoff>(nurture, "atHandoff"),
            ExpectedResult = nurture.Text("expectedResult") is { Length: > 0 } expected ? expected : null,
            ExpectedRates = ExpectedRatesReader.Read(nurture),
            Successor = ReadSuccessor(definition, nurture),
            Cadence = CadenceReader.ReadTrack(nurture),
            WhenHeld = ReadWord<WhenHeld>(nurture, "whenHeld"),
            WhenRepeated = ReadWord<WhenRepeated>(nurture, "whenRepeated"),
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

    private static Condition? ReadCondition(JsonShape nurture, string name, CompileContext context)
    {
        if (nurture.Text(name) is not { Length: > 0 } text)
        {
            return null;
        }

        var condition = Condition.TryParse(text, out var faults);
        foreach (var fault in faults.Concat(context.IsOfEarlierLanguage ? condition?.Changes ?? [] : []))
        {
            nurture.Fault(name, $"'{text}' {fault.Line}:{fault.Column}: {fault.Message}");
        }

        foreach (var read in condition?.Fields.Where(read => !KnownFields.IsKnown(read.Path)) ?? [])
        {
            nurture.Fault(name, $"reads '{read.Path}', which is no field; expected {KnownFields.Expected}.");
        }

        return condition;
    }

    // The first word is what is meant where none is given.
    private static TEnum ReadWord<TEnum>(JsonShape nurture, string name)
        where TEnum : struct, Enum =>
        nurture.Choice(name, Words<TEnum>()) is { } word ? Enum.Parse<TEnum>(word, ignoreCase: true) : default;

    private static string[] Words<TEnum>()
        where TEnum : struct, Enum =>
        [.. Enum.GetNames<TEnum>().Select(name => char.ToLowerInvariant(name[0]) + name[1..])];

    private static string? ReadSuccessor(JsonShape definition, JsonShape nurture)
    {
        if (nurture.Text("successor") is not { Length: > 0 } successor)
        {
            return null;
        }

        if (successor == definition.Text("definitionId"))
        {
            nurture.Fault("successor", $"'{successor}' is the track itself; expected another one.");
        }

        return successor;
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
