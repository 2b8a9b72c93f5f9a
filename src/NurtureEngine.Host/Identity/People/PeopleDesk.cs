using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Pages.People;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <inheritdoc cref="IPeopleDesk" />
internal sealed class PeopleDesk(
    UserManager<Person> manager,
    PersonStore people,
    PersonAccessStore access,
    SignInAttempts attempts,
    SessionStore sessions,
    SecondFactorStore factors,
    InvitationMail invitations,
    IHttpContextAccessor http,
    TimeProvider machineTime,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : IPeopleDesk
{
    private const int LongestName = 100;

    public async Task<IReadOnlyList<PersonLine>> ListAsync()
    {
        var now = machineTime.GetUtcNow();
        return
        [
            .. (await access.ListAsync(CancellationToken.None)).Select(row => new PersonLine(
                row.Id,
                row.UserName,
                row.Roles,
                row.LockedUntil > now,
                row.MustChange,
                new PersonDetailsLine
                {
                    Email = row.Email ?? "",
                    Reach = row.Reach ?? "",
                    Team = row.Team ?? "",
                    Countries = string.Join(", ", row.Countries),
                    Partner = row.Partner ?? "",
                }
            )),
        ];
    }

    public async Task<PeopleAnswer> AddAsync(string userName, string email, IReadOnlyCollection<string> roles)
    {
        if (email.Length > 0 && !EmailAddress.IsValid(email))
        {
            return new PeopleAnswer(["emailWrong"]);
        }

        if (email.Length > 0 && await people.FindByEmailAsync(email, CancellationToken.None) is not null)
        {
            return new PeopleAnswer(["emailTaken"]);
        }

        if (roles.Count == 0 || FaultOf(roles) is not null)
        {
            return new PeopleAnswer([FaultOf(roles) ?? "noRole"]);
        }

        if (userName.Length > LongestName)
        {
            return new PeopleAnswer(["InvalidUserName"]);
        }

        var password = OneTimePassword.New();
        var person = new Person { UserName = userName.Trim(), MustChange = true };
        person.Entry = EntryOf("person.added", person.Id, after: new { person.UserName });
        var result = await manager.CreateAsync(person, password);
        if (!result.Succeeded)
        {
            return new PeopleAnswer([.. result.Errors.Select(error => error.Code)]);
        }

        var given = EntryOf("person.roles_changed", person.Id, after: roles);
        await access.SetRolesAsync(person.Id, [.. roles], given, CancellationToken.None);
        if (email.Length == 0)
        {
            return new PeopleAnswer([], password);
        }

        if (
            !await access.SetDetailsAsync(
                person.Id,
                new PersonDetails { Email = email },
                EntryOf("person.details_changed", person.Id, after: new { email }),
                CancellationToken.None
            )
        )
        {
            return new PeopleAnswer(["emailTaken"], password);
        }

        // If the mail cannot be sent, the administrator gets the one-time password instead.
        return await invitations.SendAsync(person, isNew: true, entry: null, CancellationToken.None)
            ? new PeopleAnswer([], MailedTo: email)
            : new PeopleAnswer([], password, IsMailDown: true);
    }

    public async Task<PeopleAnswer> InviteAsync(long id)
    {
        if (await people.FindAsync(id, CancellationToken.None) is not { } person)
        {
            return new PeopleAnswer(["gone"]);
        }

        if ((await access.DetailsAsync(id, CancellationToken.None))?.Email is not { } email)
        {
            return new PeopleAnswer(["noEmail"]);
        }

        if (!await invitations.SendAsync(person, isNew: false, EntryOf("person.link_made", id), CancellationToken.None))
        {
            return new PeopleAnswer(["mailDown"]);
        }

        return new PeopleAnswer([], MailedTo: email);
    }

    public async Task<PeopleAnswer> SetRolesAsync(long id, IReadOnlyCollection<string> roles)
    {
        if (FaultOf(roles) is { } fault)
        {
            return new PeopleAnswer([fault]);
        }

        var entry = EntryOf("person.roles_changed", id, await access.RolesAsync(id, CancellationToken.None), roles);
        if (!await access.SetRolesAsync(id, [.. roles], entry, CancellationToken.None))
        {
            return new PeopleAnswer(["lastAdministrator"]);
        }

        await sessions.EndAllAsync(id, CancellationToken.None);
        return new PeopleAnswer([]);
    }

    public async Task<PeopleAnswer> SetDetailsAsync(long id, PersonDetailsLine details)
    {
        var wanted = PersonDetailsReader.Read(details, out var faults);
        if (faults.Count > 0)
        {
            return new PeopleAnswer(faults);
        }

        var before = await access.DetailsAsync(id, CancellationToken.None);
        var entry = EntryOf("person.details_changed", id, before, wanted);
        if (!await access.SetDetailsAsync(id, wanted, entry, CancellationToken.None))
        {
            return new PeopleAnswer([before is null ? "gone" : "emailTaken"]);
        }

        return new PeopleAnswer([]);
    }

    public async Task<PeopleAnswer> ResetAsync(long id)
    {
        if (await people.FindAsync(id, CancellationToken.None) is not { } person)
        {
            return new PeopleAnswer(["gone"]);
        }

        if (
            await OneTimePassword.GiveAsync(
                person,
                people,
                attempts,
                manager.PasswordHasher,
                EntryOf("person.password_reset", id),
                CancellationToken.None
            )
            is not { } password
        )
        {
            return new PeopleAnswer(["ConcurrencyFailure"]);
        }

        // Who has lost everything gets in again.
        await factors.ClearAsync(id, entry: null, CancellationToken.None);
        await sessions.EndAllAsync(id, CancellationToken.None);
        return new PeopleAnswer([], password);
    }

    private static string? FaultOf(IReadOnlyCollection<string> roles) =>
        roles.All(Roles.All.Contains) ? null : "unknownRole";

    private AuditEntry EntryOf(string act, long person, object? before = null, object? after = null) =>
        AuditEntry.OfPerson(
            business.GetUtcNow(),
            http.HttpContext!.User.FindFirstValue(ClaimTypes.Name)!,
            act,
            person,
            before,
            after
        );
}
