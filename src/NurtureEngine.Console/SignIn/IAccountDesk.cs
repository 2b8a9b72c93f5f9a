namespace NurtureEngine.Pages.SignIn;

/// <summary>The account of the person who is signed in.</summary>
public interface IAccountDesk
{
    /// <summary>Changes the password and ends the other sessions. Returns the faults as codes; empty if it is changed.</summary>
    Task<IReadOnlyList<string>> ChangePasswordAsync(string current, string next);

    /// <summary>Lists the sessions.</summary>
    Task<IReadOnlyList<SessionLine>> ListSessionsAsync();

    /// <summary>The time zones to choose from, IANA names.</summary>
    IReadOnlyList<string> Zones { get; }

    /// <summary>Sets the time zone; empty for the organisation's. False if the zone is unknown.</summary>
    Task<bool> SetZoneAsync(string zone);

    /// <summary>Ends a session.</summary>
    Task EndSessionAsync(string id);
}

/// <summary>A session, as its owner sees it; times in UTC.</summary>
public sealed record SessionLine(string Id, string Agent, DateTimeOffset Since, DateTimeOffset SeenAt, bool IsOwn);
