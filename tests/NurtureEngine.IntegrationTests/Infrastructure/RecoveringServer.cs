using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>
/// Listens on a private server's socket and says what PostgreSQL says while it recovers from a crash
/// (protocol 3.0, ErrorResponse, SQLSTATE 57P03), as a server does whose process can't be seen from here.
/// </summary>
internal sealed class RecoveringServer : IDisposable
{
    private static readonly byte[] Answer = ErrorResponse();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _path;

    public RecoveringServer(string connectionString)
    {
        _path = Path.Combine(new NpgsqlConnectionStringBuilder(connectionString).Host!, ".s.PGSQL.5432");
        File.Delete(_path);
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen();
    }

    /// <summary>Answers so many clients and goes away; less are counted where its socket was taken from it.</summary>
    public async Task<int> AnswerAsync(int times)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var answered = 0;
        try
        {
            for (; answered < times; answered++)
            {
                using var client = await _listener.AcceptAsync(patience.Token);
                await RefuseAsync(client, patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return answered;
        }

        Dispose();
        return answered;
    }

    public void Dispose()
    {
        _listener.Dispose();
        File.Delete(_path);
    }

    private static async Task RefuseAsync(Socket client, CancellationToken cancellationToken)
    {
        await using var stream = new NetworkStream(client);
        var length = new byte[4];
        var isRequestForEncryption = true;
        while (isRequestForEncryption)
        {
            await stream.ReadExactlyAsync(length, cancellationToken);
            var message = new byte[BinaryPrimitives.ReadInt32BigEndian(length) - 4];
            await stream.ReadExactlyAsync(message, cancellationToken);
            isRequestForEncryption = message.Length == 4;
            await stream.WriteAsync(isRequestForEncryption ? "N"u8.ToArray() : Answer, cancellationToken);
        }
    }

    private static byte[] ErrorResponse()
    {
        var fields = Encoding.ASCII.GetBytes("SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0");
        var answer = new byte[5 + fields.Length];
        answer[0] = (byte)'E';
        BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(1), 4 + fields.Length);
        fields.CopyTo(answer, 5);
        return answer;
    }
}
