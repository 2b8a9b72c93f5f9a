namespace NurtureEngine.Pages.People;

/// <summary>What administrators do with people. Each change is in the audit log; whoever asks is known from the request.</summary>
public interface IPeopleDesk
{
    /// <summary>Everybody, by user name.</summary>
    Task<IReadOnlyList<PersonLine>> ListAsync();

    /// <summary>Adds a person. To an address they get a link by which they choose a password; without one (empty), a one-time password.</summary>
    Task<PeopleAnswer> AddAsync(string userName, string email, IReadOnlyCollection<string> roles);

    /// <summary>Mails a person a link by which they choose a password.</summary>
    Task<PeopleAnswer> InviteAsync(long id);

    /// <summary>Gives a person other roles, and ends their sessions, which know the old ones.</summary>
    Task<PeopleAnswer> SetRolesAsync(long id, IReadOnlyCollection<string> roles);

    /// <summary>Sets how a person is reached and which leads they see.</summary>
    Task<PeopleAnswer> SetDetailsAsync(long id, PersonDetailsLine details);

    /// <summary>Gives a person a one-time password, unlocks them, turns their second step off, and ends their sessions.</summary>
    Task<PeopleAnswer> ResetAsync(long id);
}

/// <summary>A person as administrators see them.</summary>
/// <param name="Id">By what they are known.</param>
/// <param name="UserName">By what they sign in.</param>
/// <param name="Roles">What they may do.</param>
/// <param name="IsLocked">Whether wrong passwords have locked them for now.</param>
/// <param name="HasOneTimePassword">Whether they have not chosen a password of their own yet.</param>
/// <param name="Details">How they are reached and what they see.</param>
public sealed record PersonLine(
    long Id,
    string UserName,
    IReadOnlyList<string> Roles,
    bool IsLocked,
    bool HasOneTimePassword,
    PersonDetailsLine Details
);

/// <summary>How a person is reached and which leads they see; texts as they were typed, empty for none.</summary>
public sealed record PersonDetailsLine
{
    /// <summary>What may be chosen for <see cref="Reach" />; empty goes by the roles.</summary>
    public static IReadOnlyList<string> Reaches { get; } = ["own", "team", "territory", "partner", "all"];

    public string Email { get; init; } = "";
    public string Reach { get; init; } = "";
    public string Team { get; init; } = "";

    /// <summary>Codes of two letters, with commas between them.</summary>
    public string Countries { get; init; } = "";
    public string Partner { get; init; } = "";
}

/// <summary>What came of a change.</summary>
/// <param name="Faults">What is wrong, as codes; empty where it is done.</param>
/// <param name="Password">The one-time password, to be shown once; null where there is none.</param>
/// <param name="MailedTo">Where a link went; null for nowhere.</param>
/// <param name="IsMailDown">Whether a mail could not be handed over, and the password is shown instead.</param>
public sealed record PeopleAnswer(
    IReadOnlyList<string> Faults,
    string? Password = null,
    string? MailedTo = null,
    bool IsMailDown = false
);
