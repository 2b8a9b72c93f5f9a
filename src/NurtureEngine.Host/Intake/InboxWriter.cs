using System.Threading.Channels;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.Host.Intake;

/// <summary>
/// Stores events that come in at the same time together: each caller waits until its own is durable, and the database commits once for
/// all that wait.
/// </summary>
internal sealed class InboxWriter : IAsyncDisposable
{
    private const int Writers = 2;
    private const int MostTogether = 256;

    private readonly InboxStore _store;
    private readonly TimeProvider _business;
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>();
    private readonly Task[] _writers;

    public InboxWriter(InboxStore store, [FromKeyedServices(Clocks.Business)] TimeProvider business)
    {
        (_store, _business) = (store, business);
        _writers = [.. Enumerable.Range(0, Writers).Select(_ => Task.Run(WriteAsync))];
    }

    /// <summary>Returns once the event is stored; one that was stored before stays as it is.</summary>
    public Task AppendAsync(IncomingEvent arrived, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(arrived);
        return _waiting.Writer.TryWrite(waiting)
            ? waiting.Stored.Task.WaitAsync(cancellationToken)
            : Task.FromException(new OperationCanceledException("The host is ending."));
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAll(_writers);
    }

    private async Task WriteAsync()
    {
        var together = new List<Waiting>(MostTogether);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (together.Count < MostTogether && _waiting.Reader.TryRead(out var next))
            {
                together.Add(next);
            }

            await StoreAsync(together);
            together.Clear();
        }
    }

    // One that the database can't take must not take the others along.
    private async Task StoreAsync(IReadOnlyList<Waiting> some)
    {
        try
        {
            await _store.AppendAllAsync(
                [.. some.Select(waiting => waiting.Event)],
                _business.GetUtcNow(),
                CancellationToken.None
            );
            foreach (var waiting in some)
            {
                waiting.Stored.TrySetResult();
            }
        }
#pragma warning disable CA1031 // Whatever it is, who waits is told.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (some.Count == 1 || Outage.Is(exception))
            {
                foreach (var waiting in some)
                {
                    waiting.Stored.TrySetException(exception);
                }

                return;
            }

            foreach (var waiting in some)
            {
                await StoreAsync([waiting]);
            }
        }
    }

    private sealed record Waiting(IncomingEvent Event)
    {
        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
