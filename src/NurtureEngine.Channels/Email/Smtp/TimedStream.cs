using System.Net.Sockets;

namespace NurtureEngine.Channels.Email.Smtp;

/// <summary>
/// A connection of which each read and write has a time limit: a <see cref="TimeoutException"/> ends it. MailKit's own makes two timers for each, which
/// costs more than the reading; here one timer is reset. Writes are gathered until the next read or flush, since MailKit's are small.
/// </summary>
internal sealed class TimedStream(Socket socket, TimeProvider time) : Stream
{
    private readonly NetworkStream _inner = new(socket, ownsSocket: true);
    private readonly byte[] _unsent = new byte[32_768];
    private readonly CancellationTokenSource _timer = new(Timeout.InfiniteTimeSpan, time);
    private int _count;

    /// <summary>How long a read or write that begins from now on may take.</summary>
    public TimeSpan Limit { get; set; } = Timeout.InfiniteTimeSpan;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Ends whatever is under way when a token is cancelled; dispose the answer when it no longer counts.</summary>
    public CancellationTokenRegistration EndWith(CancellationToken token) =>
        token.Register(state => ((CancellationTokenSource)state!).Cancel(), _timer);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await SendAsync();
        try
        {
            Restart();
            return await _inner.ReadAsync(buffer, _timer.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException("The server does not answer.", exception);
        }
        finally
        {
            _timer.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        for (var rest = buffer; !rest.IsEmpty; )
        {
            if (_count == _unsent.Length)
            {
                await SendAsync();
            }

            var part = rest[..Math.Min(rest.Length, _unsent.Length - _count)];
            part.CopyTo(_unsent.AsMemory(_count));
            _count += part.Length;
            rest = rest[part.Length..];
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => SendAsync();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
            _timer.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task SendAsync()
    {
        if (_count == 0)
        {
            return;
        }

        try
        {
            Restart();
            await _inner.WriteAsync(_unsent.AsMemory(0, _count), _timer.Token);
            _count = 0;
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException("The server does not take what it is sent.", exception);
        }
        finally
        {
            _timer.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    private void Restart()
    {
        _timer.Token.ThrowIfCancellationRequested();
        _timer.CancelAfter(Limit);
    }
}
