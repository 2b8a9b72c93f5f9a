using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Pages.SignIn;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <inheritdoc cref="ISignIn" />
internal sealed partial class SignInDesk(
    SignInManager<Person> signIn,
    UserManager<Person> people,
    SignInThrottle throttle,
    SessionStore sessions,
    IAuditLog audit,
    IHttpContextAccessor http,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<SignInDesk> logger
) : ISignIn
{
    // Nobody's: compared with where there is nobody of that name, so that both take as long.
    private static readonly Person Nobody = new();

    private static string? _nobodysHash;

    private HttpContext Http => http.HttpContext!;

    public async Task<SignInAnswer> SignInAsync(string userName, string password)
    {
        if (!throttle.Admits(Http.Connection.RemoteIpAddress))
        {
            LogThrottled();
            return SignInAnswer.TooMany;
        }

        if (await people.FindByNameAsync(userName) is not { } person)
        {
            _nobodysHash ??= people.PasswordHasher.HashPassword(Nobody, "");
            people.PasswordHasher.VerifyHashedPassword(Nobody, _nobodysHash, password);
            LogUnknown();
            return SignInAnswer.Wrong;
        }

        var result = await signIn.PasswordSignInAsync(person, password, isPersistent: false, lockoutOnFailure: true);
        if (!result.Succeeded)
        {
            LogFailed(person.Id, result.IsLockedOut);
            return result.IsLockedOut ? SignInAnswer.Locked : SignInAnswer.Wrong;
        }

        await sessions.TidyAsync(Http.RequestAborted);
        await NoteAsync(person.UserName, "person.signed_in", person.Id);
        return SignInAnswer.SignedIn;
    }

    public Task SignOutAsync() => signIn.SignOutAsync();

    public async Task<IReadOnlyList<string>> ChangePasswordAsync(string current, string next)
    {
        if (current == next)
        {
            return ["same"];
        }

        var person = (await people.GetUserAsync(Http.User))!;
        // Written together with the new password.
        person.MustChange = false;
        var result = await people.ChangePasswordAsync(person, current, next);
        if (!result.Succeeded)
        {
            return [.. result.Errors.Select(error => error.Code)];
        }

        await sessions.EndOthersAsync(person.Id, SessionTickets.SessionOf(Http.User), Http.RequestAborted);
        await signIn.RefreshSignInAsync(person);
        await NoteAsync(person.UserName, "password.changed", person.Id);
        return [];
    }

    public async Task<IReadOnlyList<SessionLine>> ListSessionsAsync() =>
        [
            .. (
                await sessions.ListAsync(
                    SessionTickets.PersonOf(Http.User),
                    SessionTickets.SessionOf(Http.User),
                    Http.RequestAborted
                )
            ).Select(row => new SessionLine(row.Id, row.Agent, row.CreatedAt, row.SeenAt, row.IsOwn)),
        ];

    public async Task EndSessionAsync(string id)
    {
        var person = SessionTickets.PersonOf(Http.User);
        await sessions.EndOneAsync(person, id, Http.RequestAborted);
        await NoteAsync(Http.User.FindFirstValue(ClaimTypes.Name)!, "session.ended", person);
    }

    private Task NoteAsync(string actor, string act, long person) =>
        audit.AddAsync(
            new AuditEntry
            {
                At = business.GetUtcNow(),
                Actor = actor,
                Act = act,
                Subject = $"person/{person.ToString(CultureInfo.InvariantCulture)}",
            },
            CancellationToken.None
        );

    [LoggerMessage(
        EventId = 3401,
        Level = LogLevel.Warning,
        Message = "Somebody failed to sign in as person {PersonId}; locked: {IsLocked}"
    )]
    private partial void LogFailed(long personId, bool isLocked);

    [LoggerMessage(
        EventId = 3402,
        Level = LogLevel.Warning,
        Message = "Somebody failed to sign in by a name that nobody has"
    )]
    private partial void LogUnknown();

    [LoggerMessage(
        EventId = 3403,
        Level = LogLevel.Warning,
        Message = "An attempt to sign in was turned away: too many came from its address"
    )]
    private partial void LogThrottled();
}
