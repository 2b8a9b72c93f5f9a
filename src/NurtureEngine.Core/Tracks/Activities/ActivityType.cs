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

    public bool IsTrigger { get; init; }

    /// <summary>Whether it is a trigger where a definition marks it as a start, and a step elsewhere.</summary>
    public bool MayTrigger { get; init; }

    public ImmutableArray<ActivityInput> Inputs { get; init; } = [];

    /// <summary>The ports it may leave by; empty for one that ends the flow.</summary>
    public ImmutableArray<string> Ports { get; init; } = [Step.Done];

    /// <summary>Ports that the author of a definition names, such as the cases of a switch.</summary>
    public Func<Step, IEnumerable<string>> MorePorts { get; init; } = _ => [];

    /// <summary>Makes the step; faults go to the reader, and the step is then not used.</summary>
    public required Func<ActivityReader, Step> Compile { get; init; }
}

/// <summary>One input, in camelCase as the definition's JSON spells it.</summary>
public sealed record ActivityInput(string Name, LocalisedText DisplayName);
