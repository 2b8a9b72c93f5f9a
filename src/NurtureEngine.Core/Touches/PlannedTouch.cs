using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Touches;

/// <summary>A touch as a step plans it, due at business time (UTC).</summary>
public sealed record PlannedTouch(
    TouchId Id,
    StepId Step,
    int Visit,
    string Channel,
    string ContentKey,
    DateTimeOffset DueAt,
    int Priority
);
