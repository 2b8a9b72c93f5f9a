using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Pages.SignIn;
using NurtureEngine.Postgres.People;
using QRCoder;

namespace NurtureEngine.Host.Identity.People;

/// <inheritdoc cref="ISecondFactor" />
internal sealed class SecondFactor(
    UserManager<Person> manager,
    PersonUserStore keys,
    PersonStore people,
    SignInAttempts attempts,
    SecondFactorStore factors,
    IDataProtectionProvider protection,
    IHttpContextAccessor http,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ISecondFactor
{
    private const string Issuer = "NurtureEngine";
    private const int Codes = 10;
    private const string StepCookie = "nurture-step";

    // No letters that are mistaken for digits.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    // Between the password and the code.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector _steps = protection
        .CreateProtector("sign-in.second-step")
        .ToTimeLimitedDataProtector();

    public async Task<SecondFactorState> StateAsync()
    {
        var row = await factors.FindAsync(SessionTickets.PersonOf(http.HttpContext!.User), CancellationToken.None);
        return new SecondFactorState(row?.IsConfirmed == true, row?.Codes ?? 0);
    }

    public async Task<NewAuthenticator?> BeginAsync()
    {
        var person = await MyselfAsync();
        if ((await factors.FindAsync(person.Id, CancellationToken.None))?.IsConfirmed != false)
        {
            return null;
        }

        // The store is used directly: the manager would change the security stamp and so end the sessions.
        if (await manager.GetAuthenticatorKeyAsync(person) is null)
        {
            await keys.SetAuthenticatorKeyAsync(person, manager.GenerateNewAuthenticatorKey(), CancellationToken.None);
        }

        var key = (await manager.GetAuthenticatorKeyAsync(person))!;
        var address = $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(person.UserName)}?secret={key}&issuer={Issuer}";
        using var data = QRCodeGenerator.GenerateQrCode(address, QRCodeGenerator.ECCLevel.M);
        using var picture = new SvgQRCode(data);
        var svg = Convert.ToBase64String(Encoding.UTF8.GetBytes(picture.GetGraphic(4)));
        return new NewAuthenticator(
            string.Join(' ', key.Chunk(4).Select(group => new string(group))),
            $"data:image/svg+xml;base64,{svg}"
        );
    }

    public async Task<IReadOnlyList<string>?> ConfirmAsync(string code)
    {
        var person = await MyselfAsync();
        if (
            (await factors.FindAsync(person.Id, CancellationToken.None))?.IsConfirmed != false
            || !await attempts.TakeAsync(person.Id, CancellationToken.None)
            || !await IsRightAsync(person, Plain(code))
        )
        {
            return null;
        }

        var codes = Enumerable.Range(0, Codes).Select(_ => NewCode()).ToList();
        var entry = EntryOf(person, "second_step.on");
        if (!await factors.ConfirmAsync(person.Id, [.. codes.Select(HashOf)], entry, CancellationToken.None))
        {
            return null;
        }

        await attempts.UnlockAsync(person.Id, CancellationToken.None);
        return codes;
    }

    public async Task<bool> TurnOffAsync(string password)
    {
        var person = await MyselfAsync();
        if (
            !await attempts.TakeAsync(person.Id, CancellationToken.None)
            || !await manager.CheckPasswordAsync(person, password)
        )
        {
            return false;
        }

        await attempts.UnlockAsync(person.Id, CancellationToken.None);
        await factors.ClearAsync(person.Id, EntryOf(person, "second_step.off"), CancellationToken.None);
        return true;
    }

    /// <summary>Whether a person has to show a code.</summary>
    public async Task<bool> IsOnAsync(Person person) =>
        (await factors.FindAsync(person.Id, CancellationToken.None))?.IsConfirmed == true;

    /// <summary>Says for some minutes that a person has shown the right password.</summary>
    public string StepOf(Person person) =>
        _steps.Protect(string.Create(CultureInfo.InvariantCulture, $"{person.Id} {person.SecurityStamp}"), Patience);

    /// <summary>Stores the first step in a cookie, for a person who was signed in by the identity provider.</summary>
    public void Hand(HttpResponse response, Person person) =>
        response.Cookies.Append(
            StepCookie,
            StepOf(person),
            new CookieOptions
            {
                Path = PeopleRegistration.SignInPath,
                MaxAge = Patience,
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = http.HttpContext!.Request.IsHttps,
            }
        );

    /// <summary>The first step that this browser was handed; null where there is none.</summary>
    public string? Handed => http.HttpContext!.Request.Cookies[StepCookie];

    /// <summary>Takes it back.</summary>
    public void TakeBack() =>
        http.HttpContext!.Response.Cookies.Delete(
            StepCookie,
            new CookieOptions { Path = PeopleRegistration.SignInPath }
        );

    /// <summary>Who has shown the right password; null where that is too long ago, or they have changed since.</summary>
    public async Task<Person?> PersonOfAsync(string step)
    {
        try
        {
            var parts = _steps.Unprotect(step).Split(' ', 2);
            var person = await people.FindAsync(
                long.Parse(parts[0], CultureInfo.InvariantCulture),
                CancellationToken.None
            );
            return person?.SecurityStamp == parts[1] ? person : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Whether a code is one of the authenticator or a recovery code; each is good once.</summary>
    public async Task<bool> AcceptsAsync(Person person, string code)
    {
        var plain = Plain(code);
        return plain.Length == 6
            ? await IsRightAsync(person, plain)
            : await factors.RedeemAsync(person.Id, HashOf(plain), CancellationToken.None);
    }

    private async Task<bool> IsRightAsync(Person person, string code) =>
        await manager.VerifyTwoFactorTokenAsync(person, TokenOptions.DefaultAuthenticatorProvider, code)
        && await factors.TakeAsync(person.Id, code, CancellationToken.None);

    private async Task<Person> MyselfAsync() => (await manager.GetUserAsync(http.HttpContext!.User))!;

    // As people type it: with spaces and hyphens, and in capitals.
    private static string Plain(string code) =>
        new([.. code.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant).Take(20)]);

    private static string NewCode()
    {
        var letters = RandomNumberGenerator.GetString(Letters, 10);
        return $"{letters[..5]}-{letters[5..]}";
    }

    private static byte[] HashOf(string code) => SHA256.HashData(Encoding.ASCII.GetBytes(Plain(code)));

    private AuditEntry EntryOf(Person person, string act) =>
        AuditEntry.OfPerson(business.GetUtcNow(), person.UserName, act, person.Id);
}
