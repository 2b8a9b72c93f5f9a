namespace NurtureEngine.Host.Identity;

/// <summary>What an API key may do.</summary>
internal static class Scopes
{
    /// <summary>Everything.</summary>
    public const string Admin = "admin";

    public const string LeadsRead = "leads:read";
    public const string LeadsWrite = "leads:write";
    public const string TracksRead = "tracks:read";
    public const string TracksWrite = "tracks:write";
    public const string TouchesRead = "touches:read";
    public const string TouchesApprove = "touches:approve";
    public const string TouchesSettle = "touches:settle";
    public const string SendingStop = "sending:stop";
    public const string RulebookRead = "rulebook:read";
    public const string RulebookWrite = "rulebook:write";
    public const string EmailReport = "email:report";
    public const string HandoffsRead = "handoffs:read";
    public const string HandoffsWrite = "handoffs:write";
    public const string InboxRead = "inbox:read";
    public const string InboxReplay = "inbox:replay";

    public static IReadOnlyList<string> All { get; } =
    [
        Admin,
        LeadsRead,
        LeadsWrite,
        TracksRead,
        TracksWrite,
        TouchesRead,
        TouchesApprove,
        TouchesSettle,
        SendingStop,
        RulebookRead,
        RulebookWrite,
        EmailReport,
        HandoffsRead,
        HandoffsWrite,
        InboxRead,
        InboxReplay,
    ];
}
