using System.Text;

namespace NurtureEngine.Channels.Email.Dkim;

/// <summary>The relaxed forms of headers and bodies (RFC 6376, section 3.4), which survive what mail systems do to white space.</summary>
internal static class DkimCanonical
{
    /// <summary>A header: its name in lower case, unfolded, runs of white space one space, none around the value. No line break at the end.</summary>
    public static string Header(string name, string value)
    {
        var text = new StringBuilder(name.Length + value.Length + 1);
        text.Append(name.Trim().ToLowerInvariant()).Append(':');
        var isGap = false;
        var hasBegun = false;
        foreach (var c in value)
        {
            if (c is ' ' or '\t' or '\r' or '\n')
            {
                isGap = true;
                continue;
            }

            if (isGap && hasBegun)
            {
                text.Append(' ');
            }

            text.Append(c);
            (isGap, hasBegun) = (false, true);
        }

        return text.ToString();
    }

    /// <summary>A body: runs of white space one space, none at the end of a line, no empty lines at the end.</summary>
    public static byte[] Body(ReadOnlySpan<byte> body)
    {
        var relaxed = new byte[body.Length + 2];
        var length = 0;
        var kept = 0;
        while (!body.IsEmpty)
        {
            var end = body.IndexOf("\r\n"u8);
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? [] : body[(end + 2)..];
            var before = length;
            length += Line(line, relaxed.AsSpan(length));
            var isEmpty = length == before;
            relaxed[length++] = (byte)'\r';
            relaxed[length++] = (byte)'\n';
            kept = isEmpty ? kept : length;
        }

        return relaxed[..kept];
    }

    private static int Line(ReadOnlySpan<byte> line, Span<byte> relaxed)
    {
        var length = 0;
        var isGap = false;
        foreach (var b in line)
        {
            if (b is (byte)' ' or (byte)'\t')
            {
                isGap = true;
                continue;
            }

            if (isGap)
            {
                relaxed[length++] = (byte)' ';
                isGap = false;
            }

            relaxed[length++] = b;
        }

        return length;
    }
}
