namespace NurtureEngine.Core.Touches;

/// <summary>A touch's states as the database spells them; the transitions are drawn in docs/touch-states.md.</summary>
public static class TouchState
{
    public const string Planned = "planned";
    public const string AwaitingApproval = "awaiting_approval";
    public const string Returned = "returned";
    public const string Expired = "expired";
    public const string Deferred = "deferred";
    public const string Skipped = "skipped";
    public const string Cancelled = "cancelled";
    public const string Claimed = "claimed";
    public const string Handing = "handing";
    public const string Accepted = "accepted";
    public const string Rejected = "rejected";
    public const string Uncertain = "uncertain";

    public static IReadOnlyList<string> All { get; } =
    [
        Planned,
        AwaitingApproval,
        Returned,
        Expired,
        Deferred,
        Skipped,
        Cancelled,
        Claimed,
        Handing,
        Accepted,
        Rejected,
        Uncertain,
    ];
}
