using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>
/// Where an enrollment stands: at a step of one of its frames, waiting for an instant, for a touch to be settled, or (with
/// neither) about to enter it. One that came by a loop's way back is not counted as an arrival.
/// </summary>
public sealed record Token(StepId Step, int Visit, DateTimeOffset? WakeAt, TouchId? Awaits)
{
    /// <summary>The frame that the step runs in; 0 is the outermost flowchart.</summary>
    public int Frame { get; init; }

    /// <summary>Whether a loop's way back led here.</summary>
    public bool IsBack { get; init; }

    public static Token Entering(StepId step) => new(step, Visit: 1, WakeAt: null, Awaits: null);

    public bool IsEntering => WakeAt is null && Awaits is null;
}
