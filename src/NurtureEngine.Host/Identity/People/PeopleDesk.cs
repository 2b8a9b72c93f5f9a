using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
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
    SessionStore sessions,
    SecondFactorStore factors,
    Invitations invitations,
    IAuditLog audit,
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
            .. (await people.ListAsync(CancellationToken.None)).Select(row => new PersonLine(
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
        var result = await manager.CreateAsync(person, password);
        if (!result.Succeeded)
        {
            return new PeopleAnswer([.. result.Errors.Select(error => error.Code)]);
        }

        await people.SetRolesAsync(person.Id, [.. roles], CancellationToken.None);
        await NoteAsync("person.added", person.Id, null, new { person.UserName, roles });
        if (email.Length == 0)
        {
            return new PeopleAnswer([], password);
        }

        if (!await people.SetDetailsAsync(person.Id, new PersonDetails { Email = email }, CancellationToken.None))
        {
            return new PeopleAnswer(["emailTaken"], password);
        }

        // If the mail cannot be sent, the administrator gets the one-time password instead.
        return await invitations.SendAsync(person, isNew: true, CancellationToken.None)
            ? new PeopleAnswer([], MailedTo: email)
            : new PeopleAnswer([], password, IsMailDown: true);
    }

    public async Task<PeopleAnswer> InviteAsync(long id)
    {
        if (await people.FindAsync(id, CancellationToken.None) is not { } person)
        {
            return new PeopleAnswer(["gone"]);
        }

        if ((await people.DetailsAsync(id, CancellationToken.None))?.Email is not { } email)
        {
            return new PeopleAnswer(["noEmail"]);
        }

        if (!await invitations.SendAsync(person, isNew: false, CancellationToken.None))
        {
            return new PeopleAnswer(["mailDown"]);
        }

        await NoteAsync("person.link_mailed", id, null, null);
        return new PeopleAnswer([], MailedTo: email);
    }

    public async Task<PeopleAnswer> SetRolesAsync(long id, IReadOnlyCollection<string> roles)
    {
        if (FaultOf(roles) is { } fault)
        {
            return new PeopleAnswer([fault]);
        }

        var before = await people.RolesAsync(id, CancellationToken.None);
        if (!await people.SetRolesAsync(id, [.. roles], CancellationToken.None))
        {
            return new PeopleAnswer(["lastAdministrator"]);
        }

        await sessions.EndAllAsync(id, CancellationToken.None);
        await NoteAsync("person.roles_changed", id, before, roles);
        return new PeopleAnswer([]);
    }

    public async Task<PeopleAnswer> SetDetailsAsync(long id, PersonDetailsLine details)
    {
        var wanted = PersonDetailsReader.Read(details, out var faults);
        if (faults.Count > 0)
        {
            return new PeopleAnswer(faults);
        }

        var before = await people.DetailsAsync(id, CancellationToken.None);
        if (!await people.SetDetailsAsync(id, wanted, CancellationToken.None))
        {
            return new PeopleAnswer([before is null ? "gone" : "emailTaken"]);
        }

        await NoteAsync("person.details_changed", id, before, wanted);
        return new PeopleAnswer([]);
    }

    public async Task<PeopleAnswer> ResetAsync(long id)
    {
        if (await people.FindAsync(id, CancellationToken.None) is not { } person)
        {
            return new PeopleAnswer(["gone"]);
        }

        if (
            await OneTimePassword.GiveAsync(person, people, manager.PasswordHasher, CancellationToken.None)
            is not { } password
        )
        {
            return new PeopleAnswer(["ConcurrencyFailure"]);
        }

        // Who has lost everything gets in again.
        await factors.ClearAsync(id, CancellationToken.None);
        await sessions.EndAllAsync(id, CancellationToken.None);
        await NoteAsync("person.password_reset", id, null, null);
        return new PeopleAnswer([], password);
    }

    private static string? FaultOf(IReadOnlyCollection<string> roles) =>
        roles.All(Roles.All.Contains) ? null : "unknownRole";

    private Task NoteAsync(string act, long person, object? before, object? after) =>
        audit.AddAsync(
            new AuditEntry
            {
                At = business.GetUtcNow(),
                Actor = http.HttpContext!.User.FindFirstValue(ClaimTypes.Name)!,
                Act = act,
                Subject = $"person/{person.ToString(CultureInfo.InvariantCulture)}",
                Before = before is null ? null : JsonSerializer.Serialize(before, JsonSerializerOptions.Web),
                After = after is null ? null : JsonSerializer.Serialize(after, JsonSerializerOptions.Web),
            },
            CancellationToken.None
        );
}
