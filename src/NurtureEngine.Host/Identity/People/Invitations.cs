using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Outgoing;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Links;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Pages.SignIn;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <inheritdoc cref="IInvitations" />
internal sealed partial class Invitations(
    PersonStore people,
    InvitationStore store,
    SessionStore sessions,
    UserManager<Person> manager,
    ProviderDesk provider,
    ColleagueMail mail,
    LinkKeys links,
    CurrentRulebook rulebook,
    InvitationWords words,
    SignInThrottle throttle,
    IAuditLog audit,
    IHttpContextAccessor http,
    IServiceScopeFactory scopes,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<Invitations> logger
) : IInvitations
{
    // Mails of colleagues are about a lead; this one is about none.
    private const long NoLead = 0;

    private static readonly TimeSpan LifeOfInvitation = TimeSpan.FromDays(7);
    private static readonly TimeSpan LifeOfReset = TimeSpan.FromHours(1);

    // Limits how many mails repeated requests can cause.
    private static readonly TimeSpan QuietFor = TimeSpan.FromMinutes(2);

    /// <summary>Mails a person a link, which replaces an older one; false where the mail could not be handed over, or they have no address.</summary>
    public Task<bool> SendAsync(Person person, bool isNew, CancellationToken cancellationToken) =>
        SendAsync(person, isNew, quiet: TimeSpan.Zero, cancellationToken);

    private async Task<bool> SendAsync(Person person, bool isNew, TimeSpan quiet, CancellationToken cancellationToken)
    {
        if ((await people.DetailsAsync(person.Id, cancellationToken))?.Email is not { } address)
        {
            return false;
        }

        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var life = isNew ? LifeOfInvitation : LifeOfReset;
        if (!await store.AddAsync(person.Id, address, HashOf(token), life, quiet, cancellationToken))
        {
            return false;
        }

        var link = new Uri(links.PublicUrl, $"/console/invitation/{token}");
        var (subject, text) = words.Of(person.UserName, link, isNew);
        var message = new OutboxMessage.Email(
            Guid.NewGuid(),
            address,
            CultureInfo.CurrentUICulture.Name,
            subject,
            $"<!DOCTYPE html><html lang=\"{CultureInfo.CurrentUICulture.Name}\"><body><p>{WebUtility.HtmlEncode(text).Replace("\n", "<br>", StringComparison.Ordinal)}</p></body></html>",
            text
        );
        try
        {
            var result = await mail.SendAsync(
                message,
                NoLead,
                rulebook.Value.SenderFor("default"),
                business.GetUtcNow(),
                cancellationToken
            );
            return result is DeliveryResult.Accepted or DeliveryResult.Uncertain;
        }
        catch (ChannelException)
        {
            LogNotSent(person.Id);
            return false;
        }
    }

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
        if (!await people.UpdateAsync(person, CancellationToken.None))
        {
            return ["ConcurrencyFailure"];
        }

        await people.UnlockAsync(person.Id, CancellationToken.None);
        await sessions.EndAllAsync(person.Id, CancellationToken.None);
        await audit.AddAsync(
            new AuditEntry
            {
                At = business.GetUtcNow(),
                Actor = person.UserName,
                Act = "password.chosen",
                Subject = string.Create(CultureInfo.InvariantCulture, $"person/{person.Id}"),
            },
            CancellationToken.None
        );
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
            && (await people.RolesAsync(person.Id, CancellationToken.None)).Count > 0
            && !await provider.IsBoundAsync(person)
        )
        {
            await SendAsync(person, isNew: false, QuietFor, CancellationToken.None);
        }
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    [LoggerMessage(
        EventId = 3405,
        Level = LogLevel.Warning,
        Message = "The mail with a link for person {PersonId} could not be handed over"
    )]
    private partial void LogNotSent(long personId);

    [LoggerMessage(EventId = 3406, Level = LogLevel.Error, Message = "A link to choose a password could not be sent")]
    private partial void LogFailed(Exception exception);
}
