using System.Buffers;
using System.Text;

namespace NurtureEngine.Channels.Email;

/// <summary>Bodies as quoted-printable (RFC 2045, section 6.7): lines of at most 76 characters, CRLF.</summary>
internal static class QuotedPrintable
{
    private const int MaxLine = 76;

    // '=' begins an encoded byte; blanks and dots are plain but for where a line ends or begins.
    private static readonly SearchValues<byte> Plain = SearchValues.Create([
        .. Enumerable.Range(32, 95).Append('\t').Select(b => (byte)b).Where(b => b != '='),
    ]);

    public static string Encode(string text)
    {
        var bytes = new ByteWriter(text.Length * 2);
        Write(text, bytes);
        return Encoding.ASCII.GetString(bytes.ToArray());
    }

    public static void Write(string text, ByteWriter to)
    {
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            ReadOnlySpan<byte> rest = utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, utf8));
            while (true)
            {
                var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
                WriteLine(end < 0 ? rest : rest[..end], to);
                if (end < 0)
                {
                    return;
                }

                var isPair = rest[end] == '\r' && end + 1 < rest.Length && rest[end + 1] == '\n';
                rest = rest[(end + (isPair ? 2 : 1))..];
                "\r\n"u8.CopyTo(to.Room(2));
                to.Advance(2);
                if (rest.IsEmpty)
                {
                    return;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }

    private static void WriteLine(ReadOnlySpan<byte> line, ByteWriter to)
    {
        // Every byte encoded, and a soft line break now and then: more than is ever needed.
        var room = to.Room((line.Length * 3) + (line.Length / 8) + 16);
        var written = 0;
        var length = 0;
        for (var i = 0; i < line.Length; )
        {
            // No further than this line of the output, or a line without an end would be looked through at each of its pieces.
            var ahead = line.Slice(i, Math.Min(line.Length - i, MaxLine));
            // A dot alone on a line would end the message on the wire (RFC 5321, section 4.5.2); encoded it can't.
            var run = length == 0 && line[i] == '.' ? 0 : ahead.IndexOfAnyExcept(Plain);
            run = run < 0 ? ahead.Length : run;
            var isTail = i + run == line.Length && run > 0 && line[^1] is (byte)' ' or (byte)'\t';
            run = Math.Min(isTail ? run - 1 : run, MaxLine - 1 - length);
            line.Slice(i, run).CopyTo(room[written..]);
            (i, written, length) = (i + run, written + run, length + run);
            if (i == line.Length)
            {
                break;
            }

            if (length + 3 > MaxLine - 1)
            {
                "=\r\n"u8.CopyTo(room[written..]);
                (written, length) = (written + 3, 0);
                continue;
            }

            if (length > 0 && IsPlainHere(line, i))
            {
                continue;
            }

            room[written++] = (byte)'=';
            room[written++] = Digit(line[i] >> 4);
            room[written++] = Digit(line[i] & 15);
            (i, length) = (i + 1, length + 3);
        }

        to.Advance(written);
    }

    private static bool IsPlainHere(ReadOnlySpan<byte> line, int at) =>
        Plain.Contains(line[at]) && !(at == line.Length - 1 && line[at] is (byte)' ' or (byte)'\t');

    private static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);
}
