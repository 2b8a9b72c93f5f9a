using System.Globalization;
using System.Text;

namespace NurtureEngine.Channels.Email;

/// <summary>
/// An e-mail as it goes over the wire (RFC 5322, RFC 2046): multipart/alternative, plain text first. The same envelope gives
/// the same bytes.
/// </summary>
public sealed record MimeMessage(string Headers, string Text, string Html, byte[] Bytes)
{
    public static MimeMessage Compose(EmailEnvelope envelope)
    {
        var email = envelope.Email;
        var text = email.Text ?? PlainText.FromHtml(email.Html);
        var boundary = $"nurture-{envelope.Touch.Value:N}";
        var headers = WriteHeaders(envelope, boundary);
        var body =
            $"--{boundary}\r\n{Part("text/plain", text)}\r\n--{boundary}\r\n{Part("text/html", email.Html)}\r\n--{boundary}--\r\n";
        return new MimeMessage(headers, text, email.Html, Encoding.UTF8.GetBytes($"{headers}\r\n{body}"));
    }

    private static string WriteHeaders(EmailEnvelope envelope, string boundary)
    {
        var sender = envelope.Sender;
        var headers = new StringBuilder();
        Add("From", EncodedWord.Mailbox(sender.Name, sender.Address));
        if (sender.ReplyTo is { } replyTo)
        {
            Add("Reply-To", replyTo);
        }

        Add("To", envelope.Recipient);
        Add("Subject", EncodedWord.Encode(envelope.Email.Subject));
        Add(
            "Date",
            envelope.Date.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture)
        );
        Add("Message-ID", $"<{envelope.MessageId}>");
        Add("Content-Language", envelope.Email.Language);
        Add("MIME-Version", "1.0");
        Add("Content-Type", $"multipart/alternative;\r\n boundary=\"{boundary}\"");
        return headers.ToString();

        void Add(string name, string value)
        {
            // A line break that is not folded would begin a header of whoever wrote the value.
            if (value.Replace("\r\n ", "", StringComparison.Ordinal).Any(char.IsControl))
            {
                throw new FormatException($"The value of the header '{name}' holds a line break or control character.");
            }

            headers.Append(name).Append(": ").Append(value).Append("\r\n");
        }
    }

    private static string Part(string type, string content) =>
        $"Content-Type: {type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{QuotedPrintable.Encode(content)}";
}
