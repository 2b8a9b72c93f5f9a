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
    /// The very bytes as a message of MimeKit's. It says when its body begins, and when all but the end of the message was written.
    /// </summary>
    public MimeKit.MimeMessage ToMessage(Action begins, Action ends)
    {
        // All headers stand in the raw value of the first, since what is written must not be parsed and encoded again.
        var head = Content.AsSpan(..(Content.AsSpan().IndexOf("\r\n\r\n"u8) + 2));
        var colon = head.IndexOf((byte)':');
        var headers = new Header(System.Text.Encoding.ASCII.GetString(head[..colon]), "");
        headers.SetRawValue(head[(colon + 1)..].ToArray());
        return new MimeKit.MimeMessage(new HeaderList { headers })
        {
            Body = new FinishedBody(Content.AsMemory(head.Length + 2), begins, ends),
        };
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

        public override async Task WriteToAsync(
            FormatOptions options,
            Stream stream,
            bool contentOnly,
            CancellationToken cancellationToken = default
        )
        {
            _begins();
            await stream.WriteAsync(_content, cancellationToken);
            _ends();
        }
    }
}
