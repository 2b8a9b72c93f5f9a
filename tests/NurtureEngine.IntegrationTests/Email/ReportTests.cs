using System.Text;
using NurtureEngine.Channels.Email.Reports;
using NurtureEngine.Core.Intake;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Email;

/// <summary>What comes back by mail, in the shapes that programs write it, and damaged.</summary>
public sealed class ReportTests(ITestOutputHelper output)
{
    private const string Head =
        "Return-Path: <>\r\nFrom: Mail Delivery <mailer-daemon@mx.example>\r\nTo: <b+1@bounce.example>\r\nSubject: Delivery failure\r\nMIME-Version: 1.0\r\n";

    private const string Status =
        "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ann@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n";

    private const string Returned = "Message-ID: <abc@northwind.example>\r\nSubject: Hello\r\n\r\nHello\r\n";

    public static TheoryData<string, string, string> Shapes =>
        new()
        {
            { "plain", Report("=_b", Part("message/delivery-status", Status)), "HardBounced" },
            // Taken for a person's answer once: the boundary was cut at its semicolon.
            { "quoted boundary", Report("a;b", Part("message/delivery-status", Status)), "HardBounced" },
            { "boundary with blanks", Report("a b = c", Part("message/delivery-status", Status)), "HardBounced" },
            { "status in base64", Report("b", Base64Part("message/delivery-status", Status)), "HardBounced" },
            { "international status", Report("b", Part("message/global-delivery-status", Status)), "HardBounced" },
            {
                "returned message in base64",
                Report(
                    "b",
                    Part("message/delivery-status", Status) + "\r\n--b\r\n" + Base64Part("message/rfc822", Returned)
                ),
                "HardBounced abc@northwind.example"
            },
            {
                "returned headers",
                Report(
                    "b",
                    Part("message/delivery-status", Status) + "\r\n--b\r\n" + Part("text/rfc822-headers", Returned)
                ),
                "HardBounced abc@northwind.example"
            },
            {
                "within another multipart",
                $"{Head}Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: multipart/report; boundary=i\r\n\r\n--i\r\n"
                    + $"{Part("message/delivery-status", Status)}\r\n--i--\r\n--o--\r\n",
                "HardBounced"
            },
            {
                "bare line feeds",
                Report("b", Part("message/delivery-status", Status)).ReplaceLineEndings("\n"),
                "HardBounced"
            },
            {
                "without an end",
                Report("b", Part("message/delivery-status", Status)).Replace("--b--", "", StringComparison.Ordinal),
                "HardBounced"
            },
            {
                "delayed",
                Report(
                    "b",
                    Part("message/delivery-status", Status.Replace("failed", "delayed", StringComparison.Ordinal))
                ),
                ""
            },
            {
                "complaint",
                $"{Head}Content-Type: multipart/report; boundary=b; report-type=feedback-report\r\n\r\n--b\r\n"
                    + $"{Part("message/feedback-report", "Feedback-Type: abuse\r\nUser-Agent: X/1\r\nVersion: 1\r\n")}\r\n--b--\r\n",
                "Complained"
            },
            {
                "read receipt",
                "From: ann@example.com\r\nTo: hello@northwind.example\r\nContent-Type: multipart/report; boundary=b; report-type=disposition-notification\r\n\r\n--b\r\n"
                    + $"{Part("message/disposition-notification", "Disposition: manual-action/MDN-sent-manually; displayed\r\n")}\r\n--b--\r\n",
                ""
            },
            {
                "answer that brings a bounce along",
                "From: ann@example.com\r\nTo: hello@northwind.example\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: text/plain\r\n\r\nSee this.\r\n"
                    + $"--o\r\nContent-Type: message/rfc822\r\n\r\n{Report("b", Part("message/delivery-status", Status))}\r\n--o--\r\n",
                "Replied"
            },
            { "words alone", $"{Head}\r\n550 5.1.1 user unknown\r\n", "HardBounced" },
            { "weak words", $"{Head}\r\nThere is no such user.\r\n", "SoftBounced" },
            {
                "absence note",
                "From: ann@example.com\r\nTo: hello@northwind.example\r\nAuto-Submitted: auto-replied\r\nSubject: Away\r\n\r\nI am away.\r\n",
                "AutoReplied"
            },
            {
                "answer of a person",
                "From: ann@example.com\r\nTo: hello@northwind.example\r\nIn-Reply-To: <abc@northwind.example>\r\nContent-Type: text/plain; charset=gb18030\r\n\r\nYes\r\n",
                "Replied abc@northwind.example"
            },
        };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_report_is_read_in_every_shape(string name, string message, string expected)
    {
        var reports = MailReports.ReadInbound(RawMessage.Parse(Encoding.UTF8.GetBytes(message)));
        var report = Assert.Single(reports);
        var id = report.Marks.FirstOrDefault(mark => mark.Kind == MarkKind.MessageId)?.Text.Trim('<', '>');

        Assert.True(
            $"{report.Kind}" == expected.Split(' ')[0]
                && (id == null || expected.EndsWith(id, StringComparison.Ordinal)),
            $"{name}: {report.Kind} {id}"
        );
    }

    [Fact]
    public void A_damaged_report_never_counts_as_a_person_and_never_breaks_the_reader()
    {
        var random = new Random(Seed.Of(output));
        var shapes = Shapes
            .Select(row => (string)row.Data.Item2)
            .Where(text => text.StartsWith(Head, StringComparison.Ordinal))
            .ToList();
        for (var i = 0; i < Draws.Of(2_000); i++)
        {
            var bytes = Encoding.UTF8.GetBytes(shapes[random.Next(shapes.Count)]);
            for (var damage = random.Next(1, 20); damage > 0; damage--)
            {
                bytes[random.Next(Head.Length, bytes.Length)] = random.Next(3) switch
                {
                    0 => (byte)"\r\n-;:=\"<> "[random.Next(10)],
                    1 => (byte)random.Next(256),
                    _ => bytes[random.Next(Head.Length, bytes.Length)],
                };
            }

            var cut = random.Next(4) == 0 ? bytes[..random.Next(Head.Length, bytes.Length)] : bytes;
            var message = RawMessage.Parse(cut);
            // The webhook refuses what has none.
            var reports = message.Headers.Count == 0 ? [] : MailReports.ReadInbound(message);

            Assert.True(
                reports.All(report => report.Kind != FeedbackKind.Replied),
                $"Message {i}: {Convert.ToBase64String(cut)}"
            );
        }
    }

    [Fact]
    public void What_is_no_message_has_no_headers() =>
        Assert.All(
            new[] { "", "\r\n", "no header here", "\0\0\0" },
            text => Assert.Empty(RawMessage.Parse(Encoding.UTF8.GetBytes(text)).Headers)
        );

    private static string Report(string boundary, string parts) =>
        $"{Head}Content-Type: multipart/report; boundary=\"{boundary}\"; report-type=delivery-status\r\n\r\n--{boundary}\r\n"
        + $"Content-Type: text/plain\r\n\r\nNot delivered.\r\n--{boundary}\r\n{parts}\r\n--{boundary}--\r\n";

    private static string Part(string type, string content) => $"Content-Type: {type}\r\n\r\n{content}";

    private static string Base64Part(string type, string content) =>
        $"Content-Type: {type}\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(Encoding.UTF8.GetBytes(content))}\r\n";
}
