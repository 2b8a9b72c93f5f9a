using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>
/// Where an enrollment stands: at a step, waiting for an instant, for a touch to be settled, or (with neither) about to
/// enter it.
/// </summary>
public sealed record Token(StepId Step, int Visit, DateTimeOffset? WakeAt, TouchId? Awaits)
{
    public static Token Entering(StepId step) => new(step, Visit: 1, WakeAt: null, Awaits: null);

    public bool IsEntering => WakeAt is null && Awaits is null;
}
