using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email;

/// <summary>An e-mail that is ready to leave: from whom, to whom, what, and under which touch's Message-ID.</summary>
public sealed record EmailEnvelope(
    TouchId Touch,
    long LeadId,
    Sender Sender,
    string Recipient,
    RenderedEmail Email,
    string MessageId,
    DateTimeOffset Date
)
{
    /// <summary>How it is marked for those who handle bulk mail; null for mail to one's own people.</summary>
    public ListMarks? List { get; init; }

    /// <summary>Whether no person wrote it and no answer is expected (RFC 3834).</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>Where failures are reported, the sender of the SMTP envelope; null takes the sender's address.</summary>
    public string? ReturnPath { get; init; }

    /// <summary>The message, where it was composed beforehand; null composes it when it leaves.</summary>
    public MimeMessage? Message { get; init; }

    /// <summary>What the mail server may repeat in its reports (RFC 3461); null for none.</summary>
    public string? EnvelopeId { get; init; }
}

/// <summary>
/// The marks of bulk mail: how to unsubscribe with one click (RFC 2369, RFC 8058), by web and (null for not) by mail, and what mailbox
/// providers sum complaints up by (Feedback-ID).
/// </summary>
public sealed record ListMarks(string UnsubscribeUrl, string? UnsubscribeMail, string ListId, string FeedbackId);
