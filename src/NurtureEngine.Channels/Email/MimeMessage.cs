using System.Text;

namespace NurtureEngine.Channels.Email;

/// <summary>
/// An e-mail as it goes over the wire (RFC 5322, RFC 2046): multipart/alternative, plain text first. The same envelope gives
/// the same bytes.
/// </summary>
public sealed record MimeMessage(string Headers, string Text, string Html, byte[] Bytes)
{
    /// <summary>Whether it takes a server that knows addresses beyond ASCII (RFC 6531).</summary>
    public bool NeedsUtf8 { get; private init; }

    public static MimeMessage Compose(EmailEnvelope envelope)
    {
        var email = envelope.Email;
        var text = email.Text ?? PlainText.FromHtml(email.Html);
        var boundary = $"nurture-{envelope.Touch.Value:N}";
        var headers = HeadersOf(envelope, boundary);
        var bytes = new ByteWriter(headers.Length + (2 * (email.Html.Length + text.Length)));
        bytes.Write(headers);
        bytes.Write("\r\n");
        foreach (var (type, content) in new[] { ("text/plain", text), ("text/html", email.Html) })
        {
            bytes.Write($"--{boundary}\r\nContent-Type: {type}; charset=utf-8\r\n");
            bytes.Write("Content-Transfer-Encoding: quoted-printable\r\n\r\n");
            QuotedPrintable.Write(content, bytes);
            bytes.Write("\r\n");
        }

        bytes.Write($"--{boundary}--\r\n");
        return new MimeMessage(headers, text, email.Html, bytes.ToArray()) { NeedsUtf8 = !Ascii.IsValid(headers) };
    }

    private static string HeadersOf(EmailEnvelope envelope, string boundary)
    {
        var sender = envelope.Sender;
        var headers = new HeaderWriter();
        headers.AddMailbox("From", sender.Name, MailAddress.Deliverable(sender.Address));
        if (sender.ReplyTo is { } replyTo)
        {
            headers.AddMailbox("Reply-To", "", MailAddress.Deliverable(replyTo));
        }

        headers.AddMailbox("To", "", MailAddress.Deliverable(envelope.Recipient));
        headers.AddText("Subject", envelope.Email.Subject);
        headers.AddDate("Date", envelope.Date);
        headers.Add("Message-ID", $"<{envelope.MessageId}>");
        headers.Add("Content-Language", envelope.Email.Language);
        if (envelope.IsAutomatic)
        {
            headers.Add("Auto-Submitted", "auto-generated");
        }

        if (envelope.List is { } list)
        {
            AddList(headers, list);
        }

        headers.Add("MIME-Version", "1.0");
        headers.Add("Content-Type", "multipart/alternative;", $"boundary=\"{boundary}\"");
        return headers.ToString();
    }

    private static void AddList(HeaderWriter headers, ListMarks list)
    {
        headers.Add(
            "List-Unsubscribe",
            list.UnsubscribeMail is { } mail
                ? [$"<{list.UnsubscribeUrl}>,", $"<mailto:{mail}>"]
                : [$"<{list.UnsubscribeUrl}>"]
        );
        headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        headers.Add("List-Id", list.ListId);
        headers.Add("Feedback-ID", list.FeedbackId);
        headers.Add("Precedence", "bulk");
    }
}
