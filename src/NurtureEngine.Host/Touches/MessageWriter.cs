using Microsoft.Extensions.Options;
using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Gates;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Links;
using NurtureEngine.Postgres.Gates;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Host.Touches;

/// <summary>Makes the e-mail of a touch: renders it, leads its links over the engine, marks it, and keeps it.</summary>
internal sealed class MessageWriter(LinkKeys keys, Installation installation, IOptions<NurtureOptions> options)
{
    /// <summary>The e-mail as a person would approve it, or the verdict that keeps it from leaving half filled in.</summary>
    public (RenderedEmail? Email, Verdict? Fault) Render(Subject subject) =>
        EmailRenderer.Render(
            subject.Content,
            subject.View.Lead,
            subject.View.Account,
            SenderOf(subject),
            subject.View.Rulebook.DefaultLanguage,
            keys.Links.Unsubscribe(new TouchId(subject.Touch.Id))
        );

    /// <summary>The e-mail as it leaves, and as it is kept.</summary>
    public (EmailEnvelope Envelope, KeptMessage Kept) Write(Subject subject, RenderedEmail email)
    {
        var view = subject.View;
        var id = new TouchId(subject.Touch.Id);
        var sender = SenderOf(subject);
        var tracking = view.Rulebook.Tracking;
        var covers = view.IsMarketing && tracking.Covers(view.Lead);
        var (tracked, targets) = LinkTracking.Apply(
            email,
            id,
            keys.Links,
            covers && tracking.Clicks,
            covers && tracking.Opens
        );
        // Derived behind the links, so that those of the plain text are counted as well.
        var whole = tracked with
        {
            Text = tracked.Text ?? PlainText.FromHtml(tracked.Html),
        };
        var domain = options.Value.Email.DomainFor(sender);
        var envelope = new EmailEnvelope(
            id,
            subject.Touch.LeadId,
            sender,
            EmailAddress.Mailable(view.Lead.Email!),
            whole,
            id.MessageIdAt(domain, installation.Id),
            view.Now
        )
        {
            List = view.IsMarketing ? MarksOf(subject, id, domain) : null,
            IsAutomatic = !view.IsMarketing,
            ReturnPath = options.Value.Email.BounceDomain is { } bounces
                ? ReturnPath.Of(id, keys.Newest, bounces)
                : null,
            EnvelopeId = id.Value.ToString("N"),
        };
        // Composed before the touch is in hand: what can't be composed stops this one alone.
        return (
            envelope with
            {
                Message = MimeMessage.Compose(envelope),
            },
            new KeptMessage(MessageArchive.Pack(whole), targets, EmailAddress.Identity(envelope.Recipient))
        );
    }

    private ListMarks MarksOf(Subject subject, TouchId id, string domain) =>
        new(
            keys.Links.Unsubscribe(id),
            options.Value.Email.BounceDomain is { } bounces
                ? $"unsubscribe@{bounces}?subject={keys.Links.UnsubscribeToken(id)}"
                : null,
            $"<{Word(subject.Track.DefinitionId)}.{domain}>",
            // Campaign, customer, kind of mail, and who sends: constant for the whole stream, 5 to 15 characters.
            $"{Word(subject.Track.DefinitionId)}:{Word(subject.Content.Source.Key)}:{subject.View.Purpose}:ne{installation.Id.ToString("N")[..10]}"
        );

    private static Sender SenderOf(Subject subject) => subject.View.Rulebook.SenderFor(subject.Track.Settings.Sender);

    // Ids may hold anything; a header's word may not.
    private static string Word(string id)
    {
        var word = new string([.. id.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').Take(40)]).Trim('-');
        return word.Length > 0 ? word : "track";
    }
}
