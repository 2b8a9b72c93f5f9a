namespace NurtureEngine.Host.Demo.World;

/// <summary>What comes back by mail, as people and mail systems write it.</summary>
internal static class DemoReports
{
    private const string Us = "hello@northwind.example";

    public static string Reply(string from, string id) =>
        Lines(
            $"""
            From: {from}
            To: {Us}
            Subject: Re: your e-mail
            Message-ID: {Answering(id)}
            In-Reply-To: {id}
            References: {id}

            Thank you, that helps.
            """
        );

    public static string AutoReply(string from, string id) =>
        Lines(
            $"""
            From: {from}
            To: {Us}
            Subject: Out of office
            Auto-Submitted: auto-replied
            Message-ID: {Answering(id)}
            In-Reply-To: {id}

            I am travelling until Monday.
            """
        );

    /// <summary>A delivery report (RFC 3464).</summary>
    public static string Bounce(string to, string id, string status, string said) =>
        Lines(
            $"""
            From: MAILER-DAEMON@mx.example.com
            To: {Us}
            Subject: Undelivered Mail Returned to Sender
            Auto-Submitted: auto-replied
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary="report"

            --report
            Content-Type: text/plain

            The message could not be delivered.
            --report
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example.com

            Final-Recipient: rfc822; {to}
            Action: failed
            Status: {status}
            Diagnostic-Code: smtp; {said}

            --report
            Content-Type: text/rfc822-headers

            Message-ID: {id}
            To: {to}

            --report--
            """
        );

    /// <summary>A complaint as feedback loops send it (RFC 5965).</summary>
    public static string Complaint(string from, string id) =>
        Lines(
            $"""
            From: feedback@mx.example.com
            To: {Us}
            Subject: Complaint about a message
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=feedback-report; boundary="report"

            --report
            Content-Type: text/plain

            A user marked this message as junk.
            --report
            Content-Type: message/feedback-report

            Feedback-Type: abuse
            User-Agent: FeedbackLoop/1.0
            Version: 1

            --report
            Content-Type: message/rfc822

            Message-ID: {id}
            To: {from}

            (the message)
            --report--
            """
        );

    private static string Answering(string id) => $"<re-{id.Trim('<', '>')}>";

    private static string Lines(string text) => text.ReplaceLineEndings("\r\n") + "\r\n";
}
