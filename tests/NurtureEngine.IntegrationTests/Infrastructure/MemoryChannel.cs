using System.Collections.Concurrent;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Gates;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>A second channel, in memory, by the lead's telephone number; it can fail in every way.</summary>
internal class MemoryChannel : IChannel, IChannelSession
{
    public string Name => "sms";

    public int Sessions => 4;

    /// <summary>What was taken over, by address.</summary>
    public ConcurrentQueue<string> Taken { get; } = new();

    /// <summary>Why no session opens; null while one does.</summary>
    public Exception? Down { get; set; }

    /// <summary>The answer to each message.</summary>
    public Func<ComposedMessage, DeliveryResult> Answer { get; set; } = _ => new DeliveryResult.Accepted();

    public string? AddressOf(Lead lead) => lead.Fields[Fields.Phone];

    public bool IsUsable(string address) => address.StartsWith('+');

    public string IdentityOf(string address) => new([.. address.Where(char.IsAsciiDigit)]);

    public string? DestinationOf(string identity) => null;

    public (RenderedEmail? Message, Verdict? Fault) Render(ChannelSubject subject) =>
        (new RenderedEmail("en", "", "", "", $"Hello {subject.View.Lead.Fields[Fields.Name]}"), null);

    public ComposedMessage Compose(ChannelSubject subject, RenderedEmail message) =>
        new Message(subject.Touch, subject.LeadId, IdentityOf(subject.View.Address!), message);

    public TimeSpan WaitFor(string destination, bool hasPlace) => TimeSpan.Zero;

    public int MostWithin(TimeSpan time) => int.MaxValue;

    public virtual Task<IChannelSession> OpenAsync(int messages, CancellationToken cancellationToken) =>
        Down is null ? Task.FromResult<IChannelSession>(this) : Task.FromException<IChannelSession>(Down);

    public Task<IReadOnlyList<DeliveryResult>> DeliverAsync(
        IReadOnlyList<ComposedMessage> messages,
        CancellationToken until
    )
    {
        var results = messages.Select(Answer).ToList();
        foreach (var (message, result) in messages.Zip(results))
        {
            if (result is DeliveryResult.Accepted)
            {
                Taken.Enqueue(message.Address);
            }
        }

        return Task.FromResult<IReadOnlyList<DeliveryResult>>(results);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed record Message(TouchId Touch, long LeadId, string Address, RenderedEmail Kept)
        : ComposedMessage(Touch, LeadId, Address, Kept, []);
}
