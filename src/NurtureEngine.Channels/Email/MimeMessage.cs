using System.Text;
using MimeKit;
using MimeKit.Encodings;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Channels.Email;

/// <summary>
/// An e-mail as it goes over the wire (RFC 5322, RFC 2046): multipart/alternative, plain text first. The same envelope gives
/// the same bytes.
/// </summary>
public sealed class MimeMessage
{
    private static readonly FormatOptions SevenBit = Format(isInternational: false);
    private static readonly FormatOptions Utf8 = Format(isInternational: true);

    private byte[]? _bytes;

    private MimeMessage(MimeKit.MimeMessage message, string text, string html, bool needsUtf8) =>
        (Message, Text, Html, NeedsUtf8) = (message, text, html, needsUtf8);

    public string Text { get; }

    public string Html { get; }

    /// <summary>Whether it takes a server that knows addresses beyond ASCII (RFC 6531).</summary>
    public bool NeedsUtf8 { get; }

    /// <summary>The message without a signature; line ends are CRLF.</summary>
    public byte[] Bytes => _bytes ??= Write();

    /// <summary>Its headers as they are written, with their line ends.</summary>
    public string Headers => Encoding.UTF8.GetString(Bytes.AsSpan(..(Bytes.AsSpan().IndexOf("\r\n\r\n"u8) + 2)));

    internal FormatOptions Options => NeedsUtf8 ? Utf8 : SevenBit;

    internal MimeKit.MimeMessage Message { get; }

    /// <exception cref="FormatException">An address or a header can't be written.</exception>
    /// <exception cref="ParseException">An address can't be written.</exception>
    public static MimeMessage Compose(EmailEnvelope envelope)
    {
        var email = envelope.Email;
        var text = email.Text ?? PlainText.FromHtml(email.Html);
        // With a list of its own, since it would make up a date and an id otherwise.
        var message = new MimeKit.MimeMessage(new HeaderList());
        message.From.Add(Mailbox(envelope.Sender.Name, envelope.Sender.Address));
        if (envelope.Sender.ReplyTo is { } replyTo)
        {
            message.ReplyTo.Add(Mailbox("", replyTo));
        }

        message.To.Add(Mailbox("", envelope.Recipient));
        message.Headers.Add(SubjectHeader.Of(email.Subject));
        message.Date = envelope.Date.ToUniversalTime();
        message.Headers.Add("Message-ID", Checked("Message-ID", $"<{envelope.MessageId}>"));
        message.Headers.Add(HeaderId.ContentLanguage, Checked("Content-Language", email.Language));
        if (envelope.IsAutomatic)
        {
            message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        }

        foreach (var (name, value) in envelope.List is { } list ? MarksOf(list) : [])
        {
            var header = new Header(name, Checked(name, value));
            // Folded between addresses alone: not every reader of bulk mail's marks knows a value that begins on the next line.
            header.SetRawValue(
                Encoding.UTF8.GetBytes($" {value.Replace(", ", ",\r\n ", StringComparison.Ordinal)}\r\n")
            );
            message.Headers.Add(header);
        }

        message.MimeVersion = new Version(1, 0);
        message.Body = new MultipartAlternative { Boundary = $"nurture-{envelope.Touch.Value:N}" };
        ((Multipart)message.Body).Add(Part("plain", text));
        ((Multipart)message.Body).Add(Part("html", email.Html));
        var needsUtf8 = !Ascii.IsValid(
            envelope.Recipient[..envelope.Recipient.LastIndexOf('@')] + envelope.Sender.Address.Split('@')[0]
        );
        ForgetFinalizers(message);
        return new MimeMessage(message, text, email.Html, needsUtf8);
    }

    // Nothing in it is unmanaged, and objects with finalizers outlive a collection with all that they hold: that took half of the time.
    private static void ForgetFinalizers(MimeKit.MimeMessage message)
    {
#pragma warning disable CA1816 // Disposing would do the same, but the message is written later, and perhaps signed first.
        GC.SuppressFinalize(message);
        GC.SuppressFinalize(message.Body!);
        foreach (var part in ((Multipart)message.Body!).Cast<MimePart>())
        {
            GC.SuppressFinalize(part);
            GC.SuppressFinalize(part.Content!);
        }
#pragma warning restore CA1816
    }

    /// <summary>The message as it stands now, with the signatures in front that it was given.</summary>
    internal byte[] Write()
    {
        using var stream = new MemoryStream(2 * (Html.Length + Text.Length) + 2_048);
        Message.WriteTo(Options, stream);
        return stream.ToArray();
    }

    private static IEnumerable<(string Name, string Value)> MarksOf(ListMarks list) =>
        [
            (
                "List-Unsubscribe",
                list.UnsubscribeMail is { } mail
                    ? $"<{list.UnsubscribeUrl}>, <mailto:{mail}>"
                    : $"<{list.UnsubscribeUrl}>"
            ),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            ("List-Id", list.ListId),
            ("Feedback-ID", list.FeedbackId),
            ("Precedence", "bulk"),
        ];

    private static MailboxAddress Mailbox(string name, string address)
    {
        var deliverable = Checked("address", EmailAddress.Mailable(address));
        return new MailboxAddress(Encoding.UTF8, SubjectHeader.Clean(name), deliverable);
    }

    // Encoded in one piece: as a TextPart, through MimeKit's streams, it takes twice the time.
    private static MimePart Part(string type, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var encoder = new QuotedPrintableEncoder();
        var encoded = new byte[encoder.EstimateOutputLength(bytes.Length)];
        var length = encoder.Flush(bytes, 0, bytes.Length, encoded);
        return new MimePart(new ContentType("text", type) { Charset = "utf-8" })
        {
            Content = new MimeContent(new MemoryStream(encoded, 0, length), ContentEncoding.QuotedPrintable),
            ContentTransferEncoding = ContentEncoding.QuotedPrintable,
        };
    }

    // MimeKit would leave the character out, and with it what the header means.
    private static string Checked(string name, string value) =>
        value.Any(char.IsControl)
            ? throw new FormatException($"The value of the header '{name}' holds a line break or control character.")
            : value;

    private static FormatOptions Format(bool isInternational)
    {
        var options = FormatOptions.Default.Clone();
        options.NewLineFormat = NewLineFormat.Dos;
        options.EnsureNewLine = true;
        options.International = isInternational;
        return options;
    }
}
