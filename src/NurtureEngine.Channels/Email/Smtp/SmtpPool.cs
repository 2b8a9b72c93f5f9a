using System.Collections.Concurrent;

namespace NurtureEngine.Channels.Email.Smtp;

/// <summary>Connections that are ready to be used, as many as the settings allow.</summary>
internal sealed class SmtpPool(SmtpOptions options, TimeProvider time) : IAsyncDisposable
{
    // A server may have given up a connection that was silent for longer.
    private static readonly TimeSpan SurelyAlive = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _free = new(options.MaxConnections);
    private readonly ConcurrentStack<(SmtpConnection Connection, long Since)> _idle = new();
    private volatile bool _isDisposed;
    private readonly SmtpHandshake _handshake = new(options, time);

    /// <summary>A connection of the caller's own, who gives it back.</summary>
    /// <exception cref="EmailTransportException">There is none to be had.</exception>
    public async Task<SmtpConnection> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await FindIdleAsync() ?? await OpenAsync(cancellationToken);
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    public async Task GiveBackAsync(SmtpConnection connection)
    {
        try
        {
            if (connection.IsUsable && connection.Carried < options.MessagesPerConnection && !_isDisposed)
            {
                _idle.Push((connection, time.GetTimestamp()));
            }
            else
            {
                await EndAsync(connection);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        while (_idle.TryPop(out var idle))
        {
            await EndAsync(idle.Connection);
        }
    }

    private async Task<SmtpConnection?> FindIdleAsync()
    {
        while (_idle.TryPop(out var idle))
        {
            var silent = time.GetElapsedTime(idle.Since);
            if (silent < SurelyAlive || (silent < options.IdleTimeout && await idle.Connection.AnswersAsync()))
            {
                return idle.Connection;
            }

            await EndAsync(idle.Connection);
        }

        return null;
    }

    private async Task<SmtpConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var (client, knowsUtf8) = await _handshake.RunAsync(keepsUtf8: false, cancellationToken);
        return new SmtpConnection(client, knowsUtf8, _handshake, time);
    }

    private static async Task EndAsync(SmtpConnection connection)
    {
        if (connection.IsUsable)
        {
            await connection.QuitAsync();
        }

        connection.Dispose();
    }
}
