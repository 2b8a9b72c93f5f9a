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
);
