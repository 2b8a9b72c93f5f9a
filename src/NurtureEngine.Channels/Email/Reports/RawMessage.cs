using System.Text;
using MimeKit;

namespace NurtureEngine.Channels.Email.Reports;

/// <summary>
/// A message as it came over the wire, read by MimeKit as far as reports need it. Lenient: reports are written by every kind of program, and none may
/// break the reader.
/// </summary>
public sealed class RawMessage
{
    private const int MaxDepth = 10;
    private const int MaxParts = 100;

    private static readonly ParserOptions Options = new() { MaxMimeDepth = MaxDepth };

    private RawMessage(IEnumerable<Header> headers, string type, string body, List<RawMessage> parts) =>
        (Headers, Type, Body, Parts) = (
            [.. headers.Select(header => (header.Field, header.Value.Trim()))],
            type,
            body,
            parts
        );

    /// <summary>Names as they were written, values unfolded, decoded and trimmed.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>The body of a message without parts, decoded, its line ends LF; empty where it has parts.</summary>
    public string Body { get; }

    public IReadOnlyList<RawMessage> Parts { get; }

    /// <summary>The media type in lower case; <c>text/plain</c> where none is given.</summary>
    public string Type { get; }

    /// <summary>The first header of a name, whatever its case; null where there is none.</summary>
    public string? Header(string name) => All(name).FirstOrDefault();

    public IEnumerable<string> All(string name) =>
        Headers
            .Where(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase))
            .Select(header => header.Value);

    /// <summary>This message and all within it, outermost first.</summary>
    public IEnumerable<RawMessage> Walk() => Parts.SelectMany(part => part.Walk()).Prepend(this);

    /// <summary>This message and its parts, but for what lies in messages that it brings along: those speak for others.</summary>
    public IEnumerable<RawMessage> Own() =>
        Type.StartsWith("message/rfc822", StringComparison.Ordinal)
        || Type.StartsWith("message/global", StringComparison.Ordinal) && Parts.Count > 0
            ? [this]
            : Parts.SelectMany(part => part.Own()).Prepend(this);

    /// <summary>The message; without headers where the bytes are none.</summary>
    public static RawMessage Parse(byte[] bytes)
    {
        using var message = Load(bytes);
        return OfMessage(message, 0);
    }

    /// <summary>Blocks of headers, one after the other, as the body of a delivery report has them.</summary>
    public static IEnumerable<RawMessage> Blocks(string text) =>
        text.Split("\n\n", MaxParts, StringSplitOptions.RemoveEmptyEntries)
            .Select(block => Parse(Encoding.UTF8.GetBytes($"{block.Trim('\n')}\n\n")))
            .Where(block => block.Headers.Count > 0);

    // Of a message that was cut off within its headers MimeKit reads none.
    private static MimeKit.MimeMessage? Load(byte[] bytes) => TryLoad(bytes) ?? TryLoad([.. bytes, .. "\r\n\r\n"u8]);

    private static MimeKit.MimeMessage? TryLoad(byte[] bytes)
    {
        try
        {
            using var stream = new MemoryStream(bytes);
            return MimeKit.MimeMessage.Load(Options, stream);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static RawMessage OfMessage(MimeKit.MimeMessage? message, int depth)
    {
        if (message?.Body is not { } body)
        {
            return new RawMessage(message?.Headers ?? [], "text/plain", "", []);
        }

        var entity = OfEntity(body, depth);
        return new RawMessage(
            // MimeKit gives the headers of the content to the body.
            message.Headers.Concat(body.Headers),
            entity.Type,
            entity.Body,
            [.. entity.Parts]
        );
    }

    private static RawMessage OfEntity(MimeEntity entity, int depth)
    {
        var type = entity.ContentType.MimeType.ToLowerInvariant();
        return entity switch
        {
            _ when depth >= MaxDepth => new RawMessage(entity.Headers, type, "", []),
            Multipart parts => new RawMessage(
                entity.Headers,
                type,
                "",
                [.. parts.Take(MaxParts).Select(part => OfEntity(part, depth + 1))]
            ),
            MessagePart part => new RawMessage(entity.Headers, type, "", [OfMessage(part.Message, depth + 1)]),
            // Encoded, against the rules.
            MimePart { Content: not null } part when type is "message/rfc822" or "message/global" => new RawMessage(
                entity.Headers,
                type,
                "",
                [OfEncoded(part, depth + 1)]
            ),
            TextPart part => new RawMessage(entity.Headers, type, Lines(part.GetText(out _)), []),
            MimePart { Content: not null } part => new RawMessage(
                entity.Headers,
                type,
                Lines(Encoding.UTF8.GetString(BytesOf(part))),
                []
            ),
            _ => new RawMessage(entity.Headers, type, "", []),
        };
    }

    private static RawMessage OfEncoded(MimePart part, int depth)
    {
        using var message = Load(BytesOf(part));
        return OfMessage(message, depth);
    }

    private static byte[] BytesOf(MimePart part)
    {
        using var stream = new MemoryStream();
        part.Content!.DecodeTo(stream);
        return stream.ToArray();
    }

    private static string Lines(string text) => text.ReplaceLineEndings("\n");
}
