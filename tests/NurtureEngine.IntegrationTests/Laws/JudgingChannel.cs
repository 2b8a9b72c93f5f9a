using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Touches;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Laws;

/// <summary>The second channel, which shows each message to the judge at once.</summary>
internal sealed class JudgingChannel(Judge judge) : MemoryChannel
{
    public override async Task<IChannelSession> OpenAsync(int messages, CancellationToken cancellationToken)
    {
        await judge.OpenAsync(cancellationToken);
        return new Session(judge);
    }

    private sealed class Session(Judge judge) : IChannelSession
    {
        public Task<IReadOnlyList<DeliveryResult>> DeliverAsync(
            IReadOnlyList<ComposedMessage> messages,
            CancellationToken until
        ) => judge.DeliverAsync([.. messages.Select(message => message.Touch.Value)]);

        public ValueTask DisposeAsync()
        {
            judge.Close();
            return ValueTask.CompletedTask;
        }
    }
}
