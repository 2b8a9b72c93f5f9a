using MimeKit;

namespace NurtureEngine.Channels.Email.Smtp;

/// <summary>
/// A finished message for the server: the envelope's sender and recipient, the envelope id that reports repeat (null for no reports), whether it needs a server
/// that supports addresses beyond ASCII, and its bytes.
/// </summary>
internal sealed record Submission(
    MailboxAddress Sender,
    MailboxAddress Recipient,
    string? EnvelopeId,
    bool NeedsUtf8,
    byte[] Content
)
{
    public long Size => Content.Length;

    /// <summary>
    /// Makes the very bytes the content of a message of MimeKit's; it says when its body begins and when it is on the wire, before the final dot.
    /// </summary>
    public void WriteTo(MimeKit.MimeMessage message, Action begins, Action ends)
    {
        var end = Content.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        message.Headers.Clear();
        using var head = new MemoryStream(Content, 0, end);
        foreach (var header in HeaderList.Load(head))
        {
            message.Headers.Add(header);
        }

        message.Body = new FinishedBody(Content.AsMemory(end), begins, ends);
    }

    private sealed class FinishedBody : MimeEntity
    {
        private readonly ReadOnlyMemory<byte> _content;
        private readonly Action _begins;
        private readonly Action _ends;

        public FinishedBody(ReadOnlyMemory<byte> content, Action begins, Action ends)
            : base("multipart", "alternative")
        {
            (_content, _begins, _ends) = (content, begins, ends);
            Headers.Clear();
        }

        public override void Prepare(EncodingConstraint constraint, int maxLineLength = 78) { }

        public override void WriteTo(
            FormatOptions options,
            Stream stream,
            bool contentOnly,
            CancellationToken cancellationToken = default
        ) => stream.Write(_content.Span);

        // Flushed, since a short message would leave together with its final dot.
        public override async Task WriteToAsync(
            FormatOptions options,
            Stream stream,
            bool contentOnly,
            CancellationToken cancellationToken = default
        )
        {
            _begins();
            await stream.WriteAsync(_content, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            _ends();
        }
    }
}
