using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Gates;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Channels;

/// <summary>
/// A way to reach leads. Gate, caps, crash rules and dispatch know a channel by this alone: where a lead's address is, what leaves for it, and how it is
/// handed over.
/// </summary>
public interface IChannel
{
    /// <summary>As it is spelled in content, consents and touches.</summary>
    string Name { get; }

    /// <summary>How many sessions may be open at a time; dispatch uses as many.</summary>
    int Sessions { get; }

    /// <summary>Where the lead is reached, as its source wrote it; null for nowhere.</summary>
    string? AddressOf(Lead lead);

    /// <summary>Whether anything can be handed over for an address.</summary>
    bool IsUsable(string address);

    /// <summary>The one key of an address, however it is written: suppression and caps hold by it.</summary>
    string IdentityOf(string address);

    /// <summary>By what rates are counted, such as a domain; null where the address has none.</summary>
    /// <param name="identity">The key of the address.</param>
    string? DestinationOf(string identity);

    /// <summary>The message as a person would approve it, or the verdict that keeps it from leaving half filled in.</summary>
    (RenderedEmail? Message, Verdict? Fault) Render(ChannelSubject subject);

    /// <summary>The message as it leaves, and as it is kept. What can't be composed throws, before anything is in hand.</summary>
    ComposedMessage Compose(ChannelSubject subject, RenderedEmail message);

    /// <summary>
    /// Takes a place in the queue of a destination; the answer is how long a message for it has to wait. With a place already taken, it waits only if the
    /// destination has asked for a pause since.
    /// </summary>
    TimeSpan WaitFor(string destination, bool hasPlace);

    /// <summary>How many messages may leave within a time; at least one.</summary>
    int MostWithin(TimeSpan time);

    /// <summary>
    /// A session that is ready to take messages at once, once rates allow so many; the caller disposes it. Waits for as long as a rate or a free
    /// connection asks.
    /// </summary>
    /// <exception cref="ChannelException">The provider can't be reached; nothing was handed over.</exception>
    Task<IChannelSession> OpenAsync(int messages, CancellationToken cancellationToken);
}

/// <summary>A way to hand messages over, for one caller.</summary>
public interface IChannelSession : IAsyncDisposable
{
    /// <summary>
    /// Hands messages over; the answers come in their order, classed. An attempt whose outcome is unknown is answered as such, never thrown.
    /// </summary>
    /// <param name="messages">Messages that the same channel has composed.</param>
    /// <param name="until">
    /// Ends the hand-over before the next message, which is then untried. A message that was begun is finished, since its outcome would be unknown otherwise.
    /// </param>
    Task<IReadOnlyList<DeliveryResult>> DeliverAsync(IReadOnlyList<ComposedMessage> messages, CancellationToken until);
}

/// <summary>No session could be opened; the message says why, without addresses of people or secrets.</summary>
public class ChannelException : Exception
{
    public ChannelException() { }

    public ChannelException(string message)
        : base(message) { }

    public ChannelException(string message, Exception innerException)
        : base(message, innerException) { }
}
