using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email;

/// <summary>Hands e-mails over, over sessions that are opened before it is decided what leaves.</summary>
public interface IEmailTransport
{
    /// <summary>
    /// A session that is ready to take messages at once, once rates allow so many; the caller disposes it. Waits for as long as a
    /// rate or a free connection asks.
    /// </summary>
    /// <exception cref="EmailTransportException">There is nobody to hand messages to; nothing was handed over.</exception>
    Task<IEmailSession> OpenAsync(int messages, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a place in the queue of a domain of recipients; the answer is after which time a message may leave for it. Who has a place
    /// already waits only where the domain has asked for patience since.
    /// </summary>
    TimeSpan WaitFor(string domain, bool hasPlace);

    /// <summary>How many sessions may be open at a time; whoever hands over uses as many.</summary>
    int Sessions { get; }

    /// <summary>How many messages may leave within a time; at least one.</summary>
    int MostWithin(TimeSpan time);
}

/// <summary>A way to hand messages over, for one caller.</summary>
public interface IEmailSession : IAsyncDisposable
{
    /// <summary>
    /// Hands messages over; the answers come in their order. An attempt whose outcome is unknown is answered as such, never thrown.
    /// </summary>
    /// <param name="envelopes">The messages.</param>
    /// <param name="until">
    /// Ends the hand-over before the next message, which is then untried; what was begun is finished, for nobody would know its outcome.
    /// </param>
    Task<IReadOnlyList<DeliveryResult>> DeliverAsync(IReadOnlyList<EmailEnvelope> envelopes, CancellationToken until);
}

/// <summary>No session could be opened; the message says why, without addresses of people or secrets.</summary>
public sealed class EmailTransportException : ChannelException
{
    public EmailTransportException() { }

    public EmailTransportException(string message)
        : base(message) { }

    public EmailTransportException(string message, Exception innerException)
        : base(message, innerException) { }
}
