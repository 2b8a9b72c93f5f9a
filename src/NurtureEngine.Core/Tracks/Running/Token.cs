using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>
/// Where an enrollment stands: at a step of one of its frames, waiting for an instant, for a touch to be settled, for a signal, or (with
/// none of these) about to enter it. One that came by a loop's way back is not counted as an arrival.
/// </summary>
public sealed record Token(StepId Step, int Visit, DateTimeOffset? WakeAt, TouchId? Awaits)
{
    /// <summary>The frame that the step runs in; 0 is the outermost flowchart.</summary>
    public int Frame { get; init; }

    /// <summary>Whether a loop's way back led here.</summary>
    public bool IsBack { get; init; }

    /// <summary>Whether it waits for a signal, until <see cref="WakeAt"/> where that is given.</summary>
    public bool IsListening { get; init; }

    /// <summary>Whether the step is asked again when it wakes, instead of being left.</summary>
    public bool IsLookingAgain { get; init; }

    public static Token Entering(StepId step) => new(step, Visit: 1, WakeAt: null, Awaits: null);

    public bool IsEntering => WakeAt is null && Awaits is null && !IsListening;
}
