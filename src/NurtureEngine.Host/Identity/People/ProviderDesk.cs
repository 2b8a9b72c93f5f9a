using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <summary>Finds the person that an identity provider has signed in.</summary>
internal sealed class ProviderDesk(
    PersonStore people,
    PersonAccessStore access,
    PersonLoginStore logins,
    SecondFactorStore factors,
    UserManager<Person> manager,
    IOptions<NurtureOptions> options,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
)
{
    private readonly OidcOptions _oidc = options.Value.SignIn.Oidc;

    /// <summary>Whether a person must sign in by the provider. If the provider manages access, a local password would bypass it.</summary>
    public async Task<bool> IsBoundAsync(Person person) =>
        _oidc.IsOn && _oidc.Roles.Count > 0 && await logins.HasAsync(person.Id, issuer: null, CancellationToken.None);

    /// <summary>The person; null if they have no access.</summary>
    public async Task<Person?> FindAsync(ClaimsPrincipal shown)
    {
        if (shown.FindFirst("iss")?.Value is not { } issuer || shown.FindFirst("sub")?.Value is not { } subject)
        {
            return null;
        }

        var decides = _oidc.Roles.Count > 0;
        var roles = _oidc.RolesOf([.. shown.FindAll(_oidc.RoleClaim).Select(claim => claim.Value)]);
        var email = shown.FindFirst("email")?.Value;
        // An address that the provider has not verified may be anybody's.
        var isVerified = email is not null && shown.FindFirst("email_verified")?.Value is "true" or "True";
        var person =
            await logins.FindAsync(issuer, subject, CancellationToken.None)
            ?? (isVerified ? await FindByEmailAsync(email!, issuer) : null);
        if (decides && roles.Length == 0)
        {
            // A person without a mapped group loses their roles and sessions. The last administrator keeps the role, so that the settings can be
            // corrected.
            if (person is not null)
            {
                await SetRolesAsync(person, roles);
            }

            return null;
        }

        person ??= decides ? await LetInAsync(shown, (issuer, subject), isVerified ? email : null) : null;
        if (person is null)
        {
            return null;
        }

        var linked = EntryOf(person, "person.linked", after: new { issuer, subject });
        await logins.AddAsync(issuer, subject, person.Id, linked, CancellationToken.None);
        if (decides)
        {
            await SetRolesAsync(person, roles);
        }

        // As it is since.
        return await WithoutOneTimePasswordAsync(person.Id);
    }

    // A person who already has a login at this issuer keeps it. A person with a second step is not linked by e-mail address, since that would bypass it.
    private async Task<Person?> FindByEmailAsync(string email, string issuer) =>
        await people.FindByEmailAsync(email, CancellationToken.None) is { } person
        && !await logins.HasAsync(person.Id, issuer, CancellationToken.None)
        && (await factors.FindAsync(person.Id, CancellationToken.None))?.IsConfirmed != true
            ? person
            : null;

    // After a sign-in by the provider the one-time password, which others have seen, is removed.
    private async Task<Person?> WithoutOneTimePasswordAsync(long id)
    {
        var person = await people.FindAsync(id, CancellationToken.None);
        if (person is { MustChange: true })
        {
            (person.PasswordHash, person.MustChange) = (null, false);
            await people.UpdateAsync(person, CancellationToken.None);
        }

        return person;
    }

    private async Task SetRolesAsync(Person person, string[] roles)
    {
        var before = await access.RolesAsync(person.Id, CancellationToken.None);
        if (!roles.ToHashSet().SetEquals(before))
        {
            var entry = EntryOf(person, "person.roles_changed", before, roles);
            await access.SetRolesAsync(person.Id, roles, entry, CancellationToken.None);
        }
    }

    private async Task<Person?> LetInAsync(ClaimsPrincipal shown, (string Issuer, string Subject) login, string? email)
    {
        var name = shown.FindFirst("preferred_username")?.Value ?? shown.FindFirst("email")?.Value;
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }

        // The person has no password and signs in by the provider. If the user name is taken, it belongs to another person.
        var person = new Person { UserName = name.Trim(), Login = login };
        person.Entry = EntryOf(person, "person.let_in");
        if (!(await manager.CreateAsync(person)).Succeeded)
        {
            return null;
        }

        if (email is not null && EmailAddress.IsValid(email))
        {
            await access.SetDetailsAsync(
                person.Id,
                new PersonDetails { Email = email },
                EntryOf(person, "person.details_changed", after: new { email }),
                CancellationToken.None
            );
        }

        return person;
    }

    private AuditEntry EntryOf(Person person, string act, object? before = null, object? after = null) =>
        AuditEntry.OfPerson(business.GetUtcNow(), "identity provider", act, person.Id, before, after);
}
