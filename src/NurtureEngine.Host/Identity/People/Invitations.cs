using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Pages.SignIn;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <inheritdoc cref="IInvitations" />
internal sealed partial class Invitations(
    PersonStore people,
    PersonAccessStore access,
    SignInAttempts attempts,
    InvitationStore store,
    SessionStore sessions,
    UserManager<Person> manager,
    ProviderDesk provider,
    InvitationMail mail,
    SignInThrottle throttle,
    IHttpContextAccessor http,
    IServiceScopeFactory scopes,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<Invitations> logger
) : IInvitations
{
    // Limits how many mails repeated requests can cause.
    private static readonly TimeSpan QuietFor = TimeSpan.FromMinutes(2);

    public bool Ask(string nameOrEmail)
    {
        if (!throttle.Admits(http.HttpContext!.Connection.RemoteIpAddress))
        {
            return false;
        }

        // The answer does not wait for it: how long it takes would say whether there is such a person.
        _ = Task.Run(() => SendInScopeAsync(nameOrEmail.Trim()));
        return true;
    }

    public async Task<bool> IsGoodAsync(string token) =>
        await store.FindAsync(HashOf(token), CancellationToken.None) is not null;

    public async Task<IReadOnlyList<string>> ChooseAsync(string token, string password)
    {
        if (
            await store.FindAsync(HashOf(token), CancellationToken.None) is not { } id
            || await people.FindAsync(id, CancellationToken.None) is not { } person
        )
        {
            return ["linkOver"];
        }

        if (await provider.IsBoundAsync(person))
        {
            return ["byProvider"];
        }

        var faults = new List<string>();
        foreach (var validator in manager.PasswordValidators)
        {
            var result = await validator.ValidateAsync(manager, person, password);
            faults.AddRange(result.Errors.Select(error => error.Code));
        }

        if (faults.Count > 0)
        {
            return faults;
        }

        // A link works once, also when two requests use it at the same time.
        if (await store.TakeAsync(HashOf(token), CancellationToken.None) is null)
        {
            return ["linkOver"];
        }

        (person.MustChange, person.SecurityStamp) = (false, $"{Guid.NewGuid():N}");
        person.PasswordHash = manager.PasswordHasher.HashPassword(person, password);
        person.Entry = AuditEntry.OfPerson(business.GetUtcNow(), person.UserName, "password.chosen", person.Id);
        if (!await people.UpdateAsync(person, CancellationToken.None))
        {
            return ["ConcurrencyFailure"];
        }

        await attempts.UnlockAsync(person.Id, CancellationToken.None);
        await sessions.EndAllAsync(person.Id, CancellationToken.None);
        return [];
    }

    private async Task SendInScopeAsync(string nameOrEmail)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Invitations>().SendToAsync(nameOrEmail);
        }
#pragma warning disable CA1031 // The task is not awaited, so failures are logged here.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogFailed(exception);
        }
    }

    private async Task SendToAsync(string nameOrEmail)
    {
        var person = nameOrEmail.Contains('@', StringComparison.Ordinal)
            ? await people.FindByEmailAsync(nameOrEmail, CancellationToken.None)
            : null;
        person ??= await manager.FindByNameAsync(nameOrEmail);
        if (
            person is not null
            && (await access.RolesAsync(person.Id, CancellationToken.None)).Count > 0
            && !await provider.IsBoundAsync(person)
        )
        {
            await mail.SendAsync(person, isNew: false, QuietFor, entry: null, CancellationToken.None);
        }
    }

    /// <summary>By what a link is kept.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    [LoggerMessage(EventId = 3406, Level = LogLevel.Error, Message = "A link to choose a password could not be sent")]
    private partial void LogFailed(Exception exception);
}
