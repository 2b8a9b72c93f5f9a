namespace NurtureEngine.Pages.SignIn;

/// <summary>What people can change about their own account. All of it is about the person who is signed in.</summary>
public interface IAccountDesk
{
    /// <summary>Changes the password of whoever is signed in, and ends their other sessions; the answer is what is wrong, as codes.</summary>
    Task<IReadOnlyList<string>> ChangePasswordAsync(string current, string next);

    /// <summary>Where whoever is signed in is signed in.</summary>
    Task<IReadOnlyList<SessionLine>> ListSessionsAsync();

    /// <summary>The time zones to choose from, IANA names.</summary>
    IReadOnlyList<string> Zones { get; }

    /// <summary>Sets by which clock they read; empty for the organisation's. False where there is no such zone.</summary>
    Task<bool> SetZoneAsync(string zone);

    /// <summary>Ends one of their sessions.</summary>
    Task EndSessionAsync(string id);
}

/// <summary>A session, as its owner sees it; times in UTC.</summary>
public sealed record SessionLine(string Id, string Agent, DateTimeOffset Since, DateTimeOffset SeenAt, bool IsOwn);
