using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Handoffs;

/// <summary>
/// A lead that a track gives to sales, with what makes the first call count. Holds personal data. The id is that of the step's
/// visit, so that a step that runs again offers the lead once; the owner is the address of who is asked, null where nobody is known
/// and the hand-off waits in the list; the track waits for an answer until <c>DueAt</c> (business time), without end where it is null.
/// </summary>
public sealed record Handoff(
    TouchId Id,
    StepId Step,
    int Visit,
    string? Owner,
    HandoffBrief Brief,
    DateTimeOffset? DueAt
);
