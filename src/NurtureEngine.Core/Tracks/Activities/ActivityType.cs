using System.Collections.Immutable;

namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>
/// A kind of activity: its name in definitions, its names for people, its inputs and ports, and how it is compiled.
/// </summary>
public sealed record ActivityType
{
    /// <summary>The name in definitions, such as <c>Nurture.SendEmail</c>.</summary>
    public required string TypeName { get; init; }

    public required LocalisedText DisplayName { get; init; }

    /// <summary>What it does, in a sentence.</summary>
    public required LocalisedText Help { get; init; }

    /// <summary>What it may be used for.</summary>
    public required ActivityExample Example { get; init; }

    /// <summary>Where people who draw tracks find it.</summary>
    public required ActivityCategory Category { get; init; }

    public bool IsTrigger { get; init; }

    /// <summary>Whether its steps reach the lead, so that their author owes a <see cref="Journey" />.</summary>
    public bool ReachesLead { get; init; }

    /// <summary>Whether it is a trigger where a definition marks it as a start, and a step elsewhere.</summary>
    public bool MayTrigger { get; init; }

    public ImmutableArray<ActivityInput> Inputs { get; init; } = [];

    /// <summary>The ports it may leave by; empty for one that ends the flow.</summary>
    public ImmutableArray<string> Ports { get; init; } = [Step.Done];

    /// <summary>Ports that the author of a definition names, such as the cases of a switch; null for none.</summary>
    public Func<Step, IEnumerable<string>>? MorePorts { get; init; }

    /// <summary>Whether the author of a definition names ports.</summary>
    public bool HasMorePorts => MorePorts is not null;

    /// <summary>Makes the step; faults go to the reader, and the step is then not used.</summary>
    public required Func<ActivityReader, Step> Compile { get; init; }
}

/// <summary>One input, in camelCase as the definition's JSON spells it.</summary>
public sealed record ActivityInput(string Name, LocalisedText DisplayName)
{
    /// <summary>How it is written down.</summary>
    public InputShape Shape { get; init; }

    /// <summary>What is to be filled in.</summary>
    public required LocalisedText Help { get; init; }

    /// <summary>The words of which it is one, the first being the one that an absent input means; empty where it is free.</summary>
    public ImmutableArray<InputWord> Words { get; init; } = [];

    /// <summary>What a list holds in a step that was just drawn; empty for nothing.</summary>
    public ImmutableArray<string> Preset { get; init; } = [];

    /// <summary>The channel of the contents that are offered; null for other offers.</summary>
    public string? Channel { get; init; }

    /// <summary>From where values are offered.</summary>
    public InputOffer Offer { get; init; }
}

/// <summary>A word that an input may hold, and what it means to people.</summary>
public sealed record InputWord(string Value, LocalisedText DisplayName);

/// <summary>From where values of an input are offered to those who fill it in; what a track may hold is checked when it is compiled.</summary>
public enum InputOffer
{
    None,

    /// <summary>Contents of the input's channel.</summary>
    Contents,
    Pools,
    Stages,
    LifeCycles,
    Tracks,
    Targets,
    Criteria,
}

/// <summary>How an input is written down.</summary>
public enum InputShape
{
    /// <summary>A line of text.</summary>
    Line,

    /// <summary>Text of several lines.</summary>
    Paragraph,

    /// <summary>A list of texts.</summary>
    List,

    /// <summary>A list of texts, each of which is the name of a port.</summary>
    Ports,

    /// <summary>Conditions with the names of their ports.</summary>
    Cases,

    /// <summary>A variable of the track.</summary>
    Variable,
}

/// <summary>The groups in which activities are offered.</summary>
public enum ActivityCategory
{
    Triggers,
    Messages,
    Waits,
    Branches,
    Lead,
    Sales,
    Flow,
}
