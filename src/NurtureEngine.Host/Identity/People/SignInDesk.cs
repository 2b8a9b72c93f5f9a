using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using NodaTime;
using NodaTime.TimeZones;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Pages.SignIn;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <inheritdoc cref="ISignIn" />
internal sealed partial class SignInDesk(
    SignInManager<Person> signIn,
    UserManager<Person> manager,
    PersonStore people,
    SecondFactor factor,
    ProviderDesk provider,
    SignInThrottle throttle,
    SessionStore sessions,
    IAuditLog audit,
    IHttpContextAccessor http,
    IOptions<NurtureOptions> options,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<SignInDesk> logger
) : ISignIn
{
    private const int LongestName = 100;

    private static string? _nobodysHash;

    private HttpContext Http => http.HttpContext!;

    public async Task<SignInStep> SignInAsync(string userName, string password)
    {
        if (!throttle.Admits(Http.Connection.RemoteIpAddress))
        {
            LogThrottled();
            return new SignInStep(SignInAnswer.TooMany);
        }

        var person = IsPlausible(userName) ? await manager.FindByNameAsync(userName) : null;
        var mayTry = person is not null && await people.TakeAttemptAsync(person.Id, CancellationToken.None);
        // Looked at in any case, so that no answer comes sooner than another.
        var isRight = await manager.CheckPasswordAsync(mayTry ? person! : Nobody(), password);
        if (!mayTry || !isRight)
        {
            LogFailed(person?.Id, isLocked: person is not null && !mayTry);
            return new SignInStep(SignInAnswer.Wrong);
        }

        if (await provider.IsBoundAsync(person!))
        {
            return new SignInStep(SignInAnswer.ByProvider);
        }

        // Attempts are reset only after the code was correct. Otherwise an attacker who has the password could try any number of codes.
        if (!await factor.IsOnAsync(person!))
        {
            return await LetInAsync(person!);
        }

        await people.GiveBackAsync(person!.Id, CancellationToken.None);
        return new SignInStep(SignInAnswer.NeedsCode, factor.StepOf(person));
    }

    public string? Handed => factor.Handed;

    public async Task<SignInStep> EnterCodeAsync(string step, string code)
    {
        if (!throttle.Admits(Http.Connection.RemoteIpAddress))
        {
            LogThrottled();
            return new SignInStep(SignInAnswer.TooMany);
        }

        factor.TakeBack();
        if (await factor.PersonOfAsync(step) is not { } person)
        {
            return new SignInStep(SignInAnswer.TooLate);
        }

        var mayTry = await people.TakeAttemptAsync(person.Id, CancellationToken.None);
        if (!mayTry || !await factor.AcceptsAsync(person, code))
        {
            LogFailed(person.Id, isLocked: !mayTry);
            return new SignInStep(SignInAnswer.WrongCode, step);
        }

        return await LetInAsync(person);
    }

    private async Task<SignInStep> LetInAsync(Person person)
    {
        await people.UnlockAsync(person.Id, CancellationToken.None);
        await signIn.SignInAsync(person, isPersistent: false);
        await sessions.TidyAsync(CancellationToken.None);
        await NoteAsync(person.UserName, "person.signed_in", person.Id);
        return new SignInStep(SignInAnswer.SignedIn);
    }

    public bool HasProvider => options.Value.SignIn.Oidc.IsOn;

    public Task SignOutAsync() => signIn.SignOutAsync();

    public async Task<IReadOnlyList<string>> ChangePasswordAsync(string current, string next)
    {
        if (current == next)
        {
            return ["same"];
        }

        var person = (await manager.GetUserAsync(Http.User))!;
        if (!await people.TakeAttemptAsync(person.Id, CancellationToken.None))
        {
            LogFailed(person.Id, isLocked: true);
            return ["locked"];
        }

        // Written together with the new password.
        person.MustChange = false;
        var result = await manager.ChangePasswordAsync(person, current, next);
        if (!result.Succeeded)
        {
            if (result.Errors.Any(error => error.Code == nameof(IdentityErrorDescriber.PasswordMismatch)))
            {
                LogFailed(person.Id, isLocked: false);
            }
            else
            {
                await people.UnlockAsync(person.Id, CancellationToken.None);
            }

            return [.. result.Errors.Select(error => error.Code)];
        }

        // The new stamp has ended all other sessions; their rows are of no use.
        await people.UnlockAsync(person.Id, CancellationToken.None);
        await sessions.EndOthersAsync(person.Id, SessionTickets.SessionOf(Http.User), CancellationToken.None);
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

    public IReadOnlyList<string> Zones =>
        [.. TzdbDateTimeZoneSource.Default.CanonicalIdMap.Keys.Order(StringComparer.Ordinal)];

    public async Task<bool> SetZoneAsync(string zone)
    {
        if (zone.Length > 0 && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null)
        {
            return false;
        }

        var person = (await manager.GetUserAsync(Http.User))!;
        await people.SetZoneAsync(person.Id, zone.Length > 0 ? zone : null, CancellationToken.None);
        // The zone is a claim of the session.
        await signIn.RefreshSignInAsync(person);
        return true;
    }

    public async Task EndSessionAsync(string id)
    {
        var person = SessionTickets.PersonOf(Http.User);
        if (await sessions.EndOneAsync(person, id, CancellationToken.None))
        {
            await NoteAsync(Http.User.FindFirstValue(ClaimTypes.Name)!, "session.ended", person);
        }
    }

    // What can't be a user name is not looked up: neither the framework nor the database takes everything.
    private static bool IsPlausible(string userName) =>
        userName.Length is > 0 and <= LongestName && userName.All(c => c is > ' ' and < '\u2000' && !char.IsControl(c));

    // Compared with where there is nobody of a name, so that it takes as long.
    private Person Nobody()
    {
        var nobody = new Person();
        nobody.PasswordHash = _nobodysHash ??= manager.PasswordHasher.HashPassword(nobody, OneTimePassword.New());
        return nobody;
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
        Message = "A wrong password, or a locked account: person {PersonId} (none: nobody has the name); locked: {IsLocked}"
    )]
    private partial void LogFailed(long? personId, bool isLocked);

    [LoggerMessage(
        EventId = 3403,
        Level = LogLevel.Warning,
        Message = "An attempt to sign in was turned away: too many came from its address"
    )]
    private partial void LogThrottled();
}
