using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Simulation;

/// <summary>One thing that happens in a trace, at an instant of business time; the kind is one word, the text what it is about.</summary>
public sealed record TraceLine(DateTimeOffset At, string Kind, string Text)
{
    /// <summary>The step that it is about; null for none.</summary>
    public string? Step { get; init; }

    /// <summary>The content of a message that leaves, by its key; null for everything else.</summary>
    public string? Content { get; init; }

    /// <summary>When a planned message is to leave (business time in UTC); null for everything else.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Why, as a stable code; null where the kind says all.</summary>
    public string? Code { get; init; }

    /// <summary>What the code is about; null for nothing.</summary>
    public string? Argument { get; init; }

    /// <summary>What the track changes of the lead; null for everything else.</summary>
    public LeadChange? Change { get; init; }

    /// <summary>The lead at that moment, as the trace has it. Holds personal data.</summary>
    public required Lead Lead { get; init; }

    /// <summary>The lead's account at that moment; null where none is known.</summary>
    public Account? Account { get; init; }
}
