using System.Net;
using System.Net.Sockets;
using System.Text;

namespace NurtureEngine.Benchmarks.Email;

/// <summary>The least that submission can be: one message, made once, sent again and again over a socket.</summary>
internal static class BareSubmission
{
    public static async Task RunAsync(int port, byte[] message, int count)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var buffer = new byte[8192];
        await ReadAsync(socket, buffer, 1);
        await socket.SendAsync("EHLO bench\r\n"u8.ToArray());
        await socket.ReceiveAsync(buffer);
        var envelope = Encoding.ASCII.GetBytes("MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n");
        byte[] body = [.. message, .. "\r\n.\r\n"u8];
        for (var i = 0; i < count; i++)
        {
            await socket.SendAsync(envelope);
            await ReadAsync(socket, buffer, 3);
            await socket.SendAsync(body);
            await ReadAsync(socket, buffer, 1);
        }
    }

    private static async Task ReadAsync(Socket socket, byte[] buffer, int lines)
    {
        while (lines > 0)
        {
            var read = await socket.ReceiveAsync(buffer);
            lines -= buffer.AsSpan(0, read).Count((byte)'\n');
        }
    }
}
