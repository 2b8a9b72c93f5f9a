using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Outgoing;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Links;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <summary>Mails links by which people choose a password.</summary>
internal sealed partial class InvitationMail(
    PersonAccessStore access,
    InvitationStore store,
    ColleagueMail mail,
    LinkKeys links,
    CurrentRulebook rulebook,
    InvitationWords words,
    [FromKeyedServices(Clocks.Business)] TimeProvider business,
    ILogger<InvitationMail> logger
)
{
    // Mails of colleagues are about a lead; this one is about none.
    private const long NoLead = 0;

    private static readonly TimeSpan LifeOfInvitation = TimeSpan.FromDays(7);
    private static readonly TimeSpan LifeOfReset = TimeSpan.FromHours(1);

    /// <summary>Mails a person a link, which replaces an older one; false where the mail could not be handed over, or they have no address.</summary>
    public Task<bool> SendAsync(Person person, bool isNew, AuditEntry? entry, CancellationToken cancellationToken) =>
        SendAsync(person, isNew, quiet: TimeSpan.Zero, entry, cancellationToken);

    /// <summary>Likewise, unless the person has a link that is younger than <paramref name="quiet" />.</summary>
    public async Task<bool> SendAsync(
        Person person,
        bool isNew,
        TimeSpan quiet,
        AuditEntry? entry,
        CancellationToken cancellationToken
    )
    {
        if ((await access.DetailsAsync(person.Id, cancellationToken))?.Email is not { } address)
        {
            return false;
        }

        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var life = isNew ? LifeOfInvitation : LifeOfReset;
        if (!await store.AddAsync(person.Id, address, Invitations.HashOf(token), life, quiet, entry, cancellationToken))
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

    [LoggerMessage(
        EventId = 3405,
        Level = LogLevel.Warning,
        Message = "The mail with a link for person {PersonId} could not be handed over"
    )]
    private partial void LogNotSent(long personId);
}
