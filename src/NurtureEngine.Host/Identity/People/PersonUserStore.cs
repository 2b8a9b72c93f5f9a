using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <summary>What ASP.NET Core Identity asks of a store, over our own tables. The instance belongs to its caller, who disposes of nothing.</summary>
internal sealed class PersonUserStore(
    PersonStore people,
    SecondFactorStore factors,
    IDataProtectionProvider protection,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : IUserPasswordStore<Person>, IUserSecurityStampStore<Person>, IUserAuthenticatorKeyStore<Person>
{
    private readonly IDataProtector _secrets = protection.CreateProtector("person.totp");

    private static readonly IdentityErrorDescriber Errors = new();

    public void Dispose() { }

    public Task<string> GetUserIdAsync(Person user, CancellationToken cancellationToken) =>
        Task.FromResult(user.Id.ToString(CultureInfo.InvariantCulture));

    public Task<string?> GetUserNameAsync(Person user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.UserName);

    public Task SetUserNameAsync(Person user, string? userName, CancellationToken cancellationToken) =>
        Set(() => user.UserName = userName ?? "");

    public Task<string?> GetNormalizedUserNameAsync(Person user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.UserNameKey);

    public Task SetNormalizedUserNameAsync(Person user, string? name, CancellationToken cancellationToken) =>
        Set(() => user.UserNameKey = name ?? "");

    public async Task<IdentityResult> CreateAsync(Person user, CancellationToken cancellationToken) =>
        await people.AddAsync(user, business.GetUtcNow(), cancellationToken)
            ? IdentityResult.Success
            : IdentityResult.Failed(Errors.DuplicateUserName(user.UserName));

    public async Task<IdentityResult> UpdateAsync(Person user, CancellationToken cancellationToken) =>
        await people.UpdateAsync(user, cancellationToken)
            ? IdentityResult.Success
            : IdentityResult.Failed(Errors.ConcurrencyFailure());

    // A person stays for the audit's sake: they are locked out, and their roles taken away.
    public Task<IdentityResult> DeleteAsync(Person user, CancellationToken cancellationToken) =>
        throw new NotSupportedException("People are never deleted here; take their roles away.");

    public Task<Person?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        long.TryParse(userId, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? people.FindAsync(id, cancellationToken)
            : Task.FromResult<Person?>(null);

    public Task<Person?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        people.FindByNameAsync(normalizedUserName, cancellationToken);

    public Task SetPasswordHashAsync(Person user, string? passwordHash, CancellationToken cancellationToken) =>
        Set(() => user.PasswordHash = passwordHash);

    public Task<string?> GetPasswordHashAsync(Person user, CancellationToken cancellationToken) =>
        Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(Person user, CancellationToken cancellationToken) =>
        Task.FromResult(user.PasswordHash is not null);

    public Task SetSecurityStampAsync(Person user, string stamp, CancellationToken cancellationToken) =>
        Set(() => user.SecurityStamp = stamp);

    public Task<string?> GetSecurityStampAsync(Person user, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(user.SecurityStamp);

    public Task SetAuthenticatorKeyAsync(Person user, string key, CancellationToken cancellationToken) =>
        factors.BeginAsync(user.Id, _secrets.Protect(Encoding.ASCII.GetBytes(key)), cancellationToken);

    public async Task<string?> GetAuthenticatorKeyAsync(Person user, CancellationToken cancellationToken) =>
        (await factors.FindAsync(user.Id, cancellationToken))?.Secret is { } secret
            ? Encoding.ASCII.GetString(_secrets.Unprotect(secret))
            : null;

    private static Task Set(Action set)
    {
        set();
        return Task.CompletedTask;
    }
}
