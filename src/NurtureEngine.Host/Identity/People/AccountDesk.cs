using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using NodaTime;
using NodaTime.TimeZones;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Pages.SignIn;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <inheritdoc cref="IAccountDesk" />
internal sealed partial class AccountDesk(
    SignInManager<Person> signIn,
    UserManager<Person> manager,
    PersonAccessStore access,
    SignInAttempts attempts,
    SessionStore sessions,
    IHttpContextAccessor http,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<AccountDesk> logger
) : IAccountDesk
{
    private HttpContext Http => http.HttpContext!;

    public async Task<IReadOnlyList<string>> ChangePasswordAsync(string current, string next)
    {
        if (current == next)
        {
            return ["same"];
        }

        var person = (await manager.GetUserAsync(Http.User))!;
        if (!await attempts.TakeAsync(person.Id, CancellationToken.None))
        {
            LogFailed(person.Id, isLocked: true);
            return ["locked"];
        }

        // Written together with the new password.
        (person.MustChange, person.Entry) = (false, EntryOf(person.UserName, "password.changed", person.Id));
        var result = await manager.ChangePasswordAsync(person, current, next);
        if (!result.Succeeded)
        {
            if (result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.PasswordMismatch)))
            {
                LogFailed(person.Id, isLocked: false);
            }
            else
            {
                await attempts.UnlockAsync(person.Id, CancellationToken.None);
            }

            return [.. result.Errors.Select(error => error.Code)];
        }

        // The new stamp has ended all other sessions; their rows are of no use.
        await attempts.UnlockAsync(person.Id, CancellationToken.None);
        await sessions.EndOthersAsync(person.Id, SessionTickets.SessionOf(Http.User), CancellationToken.None);
        await signIn.RefreshSignInAsync(person);
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

    public IReadOnlyList<string> Zones =>
        [.. TzdbDateTimeZoneSource.Default.CanonicalIdMap.Keys.Order(StringComparer.Ordinal)];

    public async Task<bool> SetZoneAsync(string zone)
    {
        if (zone.Length > 0 && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null)
        {
            return false;
        }

        var person = (await manager.GetUserAsync(Http.User))!;
        await access.SetZoneAsync(person.Id, zone.Length > 0 ? zone : null, CancellationToken.None);
        // The zone is a claim of the session.
        await signIn.RefreshSignInAsync(person);
        return true;
    }

    public Task EndSessionAsync(string id)
    {
        var person = SessionTickets.PersonOf(Http.User);
        var entry = EntryOf(Http.User.FindFirstValue(ClaimTypes.Name)!, "session.ended", person);
        return sessions.EndOneAsync(person, id, entry, CancellationToken.None);
    }

    private AuditEntry EntryOf(string actor, string act, long person) =>
        AuditEntry.OfPerson(business.GetUtcNow(), actor, act, person);

    [LoggerMessage(
        EventId = 3404,
        Level = LogLevel.Warning,
        Message = "A wrong password at a change of the password, or a locked account: person {PersonId}; locked: {IsLocked}"
    )]
    private partial void LogFailed(long personId, bool isLocked);
}
