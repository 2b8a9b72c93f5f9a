using System.Text;

namespace NurtureEngine.Channels.Email.Reports;

/// <summary>
/// A message as it came over the wire, read as far as reports need it: headers unfolded, parts apart, transfer encodings undone. Lenient:
/// reports are written by every kind of program, and none may break the reader.
/// </summary>
public sealed class RawMessage
{
    private const int MaxDepth = 10;
    private const int MaxParts = 100;

    private RawMessage(List<(string Name, string Value)> headers, string body, List<RawMessage> parts) =>
        (Headers, Body, Parts) = (headers, body, parts);

    /// <summary>Names as they were written, values unfolded and trimmed.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>The body of a message without parts, decoded; empty where it has parts.</summary>
    public string Body { get; }

    public IReadOnlyList<RawMessage> Parts { get; }

    /// <summary>The media type in lower case; <c>text/plain</c> where none is given.</summary>
    public string Type => (Header("Content-Type") ?? "text/plain").Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>The first header of a name, whatever its case; null where there is none.</summary>
    public string? Header(string name) => All(name).FirstOrDefault();

    public IEnumerable<string> All(string name) =>
        Headers
            .Where(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase))
            .Select(header => header.Value);

    /// <summary>A parameter of the Content-Type; null where it has none of that name.</summary>
    public string? Parameter(string name) => ParameterOf(Header("Content-Type") ?? "", name);

    /// <summary>This message and all within it, outermost first.</summary>
    public IEnumerable<RawMessage> Walk() => Parts.SelectMany(part => part.Walk()).Prepend(this);

    // Bytes beyond ASCII come through as they are: addresses may be UTF-8.
    public static RawMessage Parse(ReadOnlySpan<byte> bytes) =>
        Parse(Encoding.UTF8.GetString(bytes).ReplaceLineEndings("\n"), 0);

    /// <summary>Blocks of headers, one after the other, as the body of a delivery report has them.</summary>
    public static IEnumerable<RawMessage> Blocks(string text) =>
        text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(block => Parse($"{block.TrimStart('\n')}\n\n", MaxDepth))
            .Where(block => block.Headers.Count > 0);

    private static RawMessage Parse(string text, int depth)
    {
        var end = text.StartsWith('\n') ? 0 : text.IndexOf("\n\n", StringComparison.Ordinal);
        var headers = ReadHeaders(end < 0 ? text : text[..end]);
        var body = end < 0 ? "" : text[(end + (end == 0 ? 1 : 2))..];
        var message = new RawMessage(headers, body, []);
        if (depth >= MaxDepth)
        {
            return message;
        }

        if (
            message.Type.StartsWith("multipart/", StringComparison.Ordinal)
            && message.Parameter("boundary") is { Length: > 0 } boundary
        )
        {
            return new RawMessage(
                headers,
                "",
                [.. Split(body, boundary).Take(MaxParts).Select(part => Parse(part, depth + 1))]
            );
        }

        var decoded = Decode(body, message.Header("Content-Transfer-Encoding"));
        return message.Type is "message/rfc822" or "text/rfc822-headers" or "message/global" or "message/global-headers"
            ? new RawMessage(headers, "", [Parse(decoded, depth + 1)])
            : new RawMessage(headers, decoded, []);
    }

    private static List<(string, string)> ReadHeaders(string text)
    {
        var headers = new List<(string Name, string Value)>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Length > 0 && line[0] is ' ' or '\t' && headers.Count > 0)
            {
                headers[^1] = (headers[^1].Name, $"{headers[^1].Value} {line.Trim()}");
            }
            else if (line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0)
            {
                headers.Add((line[..colon].Trim(), line[(colon + 1)..].Trim()));
            }
        }

        return headers;
    }

    private static IEnumerable<string> Split(string body, string boundary)
    {
        // What stands before the first boundary is for readers that know no parts.
        var pieces = $"\n{body}".Split($"\n--{boundary}");
        string? part = null;
        foreach (var piece in pieces.Skip(1))
        {
            var isEnd = piece.StartsWith("--", StringComparison.Ordinal);
            var line = piece.Split('\n', 2);
            if (!isEnd && line[0].Trim().Length > 0)
            {
                // Another boundary that begins alike, of a part within.
                part += $"\n--{boundary}{piece}";
                continue;
            }

            if (part is not null)
            {
                yield return part;
            }

            if (isEnd)
            {
                yield break;
            }

            part = line.Length > 1 ? line[1] : "";
        }

        if (part is not null)
        {
            yield return part;
        }
    }

    private static string Decode(string body, string? encoding)
    {
        switch (encoding?.Trim().ToLowerInvariant())
        {
            case "base64":
                var digits = new string([.. body.Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=')]);
                var bytes = new byte[digits.Length];
                return Convert.TryFromBase64String(digits, bytes, out var length)
                    ? Encoding.UTF8.GetString(bytes, 0, length).ReplaceLineEndings("\n")
                    : body;
            case "quoted-printable":
                return DecodeQuoted(body);
            default:
                return body;
        }
    }

    private static string DecodeQuoted(string body)
    {
        var bytes = new List<byte>(body.Length);
        var text = body.Replace("=\n", "", StringComparison.Ordinal);
        for (var i = 0; i < text.Length; i++)
        {
            if (
                text[i] == '='
                && i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), System.Globalization.NumberStyles.HexNumber, null, out var b)
            )
            {
                bytes.Add(b);
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text[i].ToString()));
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static string? ParameterOf(string header, string name)
    {
        foreach (var part in header.Split(';').Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && string.Equals(part[..equals].Trim(), name, StringComparison.OrdinalIgnoreCase))
            {
                return part[(equals + 1)..].Trim().Trim('"');
            }
        }

        return null;
    }
}
