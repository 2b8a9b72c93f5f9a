using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Pages.SignIn;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <inheritdoc cref="ISignIn" />
internal sealed partial class SignInDesk(
    SignInManager<Person> signIn,
    UserManager<Person> manager,
    SignInAttempts attempts,
    SecondFactor factor,
    ProviderDesk provider,
    SignInThrottle throttle,
    SessionStore sessions,
    IHttpContextAccessor http,
    IOptions<NurtureOptions> options,
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
        var mayTry = person is not null && await attempts.TakeAsync(person.Id, CancellationToken.None);
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

        await attempts.GiveBackAsync(person!.Id, CancellationToken.None);
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

        var mayTry = await attempts.TakeAsync(person.Id, CancellationToken.None);
        if (!mayTry || !await factor.AcceptsAsync(person, code))
        {
            LogFailed(person.Id, isLocked: !mayTry);
            return new SignInStep(SignInAnswer.WrongCode, step);
        }

        return await LetInAsync(person);
    }

    private async Task<SignInStep> LetInAsync(Person person)
    {
        await attempts.UnlockAsync(person.Id, CancellationToken.None);
        await signIn.SignInAsync(person, isPersistent: false);
        await sessions.TidyAsync(CancellationToken.None);
        return new SignInStep(SignInAnswer.SignedIn);
    }

    public bool HasProvider => options.Value.SignIn.Oidc.IsOn;

    public Task SignOutAsync() => signIn.SignOutAsync();

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
