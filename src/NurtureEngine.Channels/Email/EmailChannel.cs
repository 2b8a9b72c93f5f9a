using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Gates;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email;

/// <summary>E-mail as a channel: renders a message, leads its links over the engine, marks it as bulk mail, and hands it to a transport.</summary>
public sealed class EmailChannel(IEmailTransport transport, EmailMarks marks) : IChannel
{
    public string Name => Channel.Email;

    public int Sessions => transport.Sessions;

    public string? AddressOf(Lead lead) => lead.Email is { Length: > 0 } address ? address : null;

    public bool IsUsable(string address) => EmailAddress.IsValid(address);

    public string IdentityOf(string address) => EmailAddress.Identity(address);

    public string? DestinationOf(string identity) =>
        identity.LastIndexOf('@') is >= 0 and var at ? identity[(at + 1)..] : null;

    public (RenderedEmail? Message, Verdict? Fault) Render(ChannelSubject subject) =>
        EmailRenderer.Render(
            subject.Content,
            subject.View.Lead,
            subject.View.Account,
            SenderOf(subject),
            subject.View.Rulebook.DefaultLanguage,
            marks.Links().Unsubscribe(subject.Touch)
        );

    public ComposedMessage Compose(ChannelSubject subject, RenderedEmail message)
    {
        var (view, id) = (subject.View, subject.Touch);
        var (sender, links) = (SenderOf(subject), marks.Links());
        var tracking = view.Rulebook.Tracking;
        var covers = view.IsMarketing && tracking.Covers(view.Lead);
        var (tracked, targets) = LinkTracking.Apply(
            message,
            id,
            links,
            covers && tracking.Clicks,
            covers && tracking.Opens
        );
        // Derived behind the links, so that those of the plain text are counted as well.
        var whole = tracked with
        {
            Text = tracked.Text ?? PlainText.FromHtml(tracked.Html),
        };
        var envelope = new EmailEnvelope(
            id,
            subject.LeadId,
            sender,
            EmailAddress.Mailable(view.Lead.Email!),
            whole,
            marks.MessageIdOf(id, sender),
            view.Now
        )
        {
            List = view.IsMarketing ? MarksOf(subject, links, sender) : null,
            IsAutomatic = !view.IsMarketing,
            ReturnPath = marks.BounceDomain is { } bounces ? ReturnPath.Of(id, marks.ReturnPathKey(), bounces) : null,
            EnvelopeId = id.Value.ToString("N"),
        };
        // Composed before the touch is in hand: what can't be composed stops this one alone.
        return new EmailMessage(envelope with { Message = MimeMessage.Compose(envelope) }, whole, targets);
    }

    public TimeSpan WaitFor(string destination, bool hasPlace) => transport.WaitFor(destination, hasPlace);

    public int MostWithin(TimeSpan time) => transport.MostWithin(time);

    public async Task<IChannelSession> OpenAsync(int messages, CancellationToken cancellationToken) =>
        new Session(await transport.OpenAsync(messages, cancellationToken));

    private ListMarks MarksOf(ChannelSubject subject, MessageLinks links, Sender sender) =>
        new(
            links.Unsubscribe(subject.Touch),
            marks.BounceDomain is { } bounces
                ? $"unsubscribe@{bounces}?subject={links.UnsubscribeToken(subject.Touch)}"
                : null,
            $"<{Word(subject.Track.DefinitionId)}.{marks.DomainFor(sender)}>",
            // Campaign, customer, kind of mail, and who sends: constant for the whole stream, 5 to 15 characters.
            $"{Word(subject.Track.DefinitionId)}:{Word(subject.Content.Source.Key)}:{subject.View.Purpose}:ne{marks.Installation().ToString("N")[..10]}"
        );

    private static Sender SenderOf(ChannelSubject subject) =>
        subject.View.Rulebook.SenderFor(subject.Track.Settings.Sender);

    // Ids may hold anything; a header's word may not.
    private static string Word(string id)
    {
        var word = new string([.. id.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').Take(40)]).Trim('-');
        return word.Length > 0 ? word : "track";
    }

    private sealed record EmailMessage(EmailEnvelope Envelope, RenderedEmail Whole, string[] Targets)
        : ComposedMessage(Envelope.Touch, Envelope.LeadId, EmailAddress.Identity(Envelope.Recipient), Whole, Targets);

    private sealed class Session(IEmailSession session) : IChannelSession
    {
        public Task<IReadOnlyList<DeliveryResult>> DeliverAsync(
            IReadOnlyList<ComposedMessage> messages,
            CancellationToken until
        ) => session.DeliverAsync([.. messages.Select(message => ((EmailMessage)message).Envelope)], until);

        public ValueTask DisposeAsync() => session.DisposeAsync();
    }
}
