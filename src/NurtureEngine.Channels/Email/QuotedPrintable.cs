using System.Text;

namespace NurtureEngine.Channels.Email;

/// <summary>Bodies as quoted-printable (RFC 2045, section 6.7): lines of at most 76 characters, CRLF.</summary>
internal static class QuotedPrintable
{
    private const int MaxLine = 76;

    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length * 2);
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            AppendLine(encoded, Encoding.UTF8.GetBytes(line));
            encoded.Append("\r\n");
        }

        // Splitting at line breaks leaves an empty piece behind the last one.
        encoded.Length -= text.EndsWith('\n') ? 2 : 0;
        return encoded.ToString();
    }

    private static void AppendLine(StringBuilder encoded, byte[] line)
    {
        var length = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var b = line[i];
            var isLast = i == line.Length - 1;
            var isPlain = b is (>= 33 and <= 126 and not (byte)'=') || (b is (byte)' ' or (byte)'\t' && !isLast);
            // A dot alone on a line would end the message on the wire (RFC 5321, section 4.5.2); encoded it can't.
            var piece = isPlain && !(b == '.' && length == 0) ? ((char)b).ToString() : $"={b:X2}";
            if (length + piece.Length > MaxLine - 1)
            {
                encoded.Append("=\r\n");
                length = 0;
            }

            encoded.Append(piece);
            length += piece.Length;
        }
    }
}
