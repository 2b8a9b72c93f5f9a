using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email.Reports;

/// <summary>
/// Reads what comes back: delivery reports (RFC 3464), complaints (ARF, RFC 5965), plain bounces, automatic answers (RFC 3834), mails to
/// unsubscribe, and answers of people.
/// </summary>
public static class MailReports
{
    private static readonly string[] EnvelopeHeaders = ["X-Original-To", "Delivered-To", "Envelope-To", "To"];

    /// <summary>A raw report; empty where the message is none.</summary>
    public static IReadOnlyList<MailReport> ReadReport(RawMessage message) =>
        message.Own().FirstOrDefault(part => part.Type is "message/delivery-status" or "message/global-delivery-status")
            is { } status
            // A report that says nothing is a machine's all the same.
            ? [.. ReadDelivery(message, status).DefaultIfEmpty(new MailReport(null, ReturnedMarks(message, null)))]
        : message.Own().FirstOrDefault(part => part.Type == "message/feedback-report") is { } feedback
            ? [ReadComplaint(message, feedback)]
        // A read receipt (RFC 8098) is sent by a program, and means at most that the message was opened.
        : message
            .Own()
            .Any(part => part.Type is "message/disposition-notification" or "message/global-disposition-notification")
            ? [new MailReport(null, ReturnedMarks(message, null))]
        : IsAutomatic(message) && !IsFromDaemon(message)
            ? [new MailReport(FeedbackKind.AutoReplied, AnsweredMarks(message))]
        : IsBounce(message) ? [ReadPlainBounce(message)]
        : [];

    /// <summary>A raw message to one of the engine's addresses that is, as a rule, an answer.</summary>
    public static IReadOnlyList<MailReport> ReadInbound(RawMessage message)
    {
        if (ReadReport(message) is { Count: > 0 } reports)
        {
            return reports;
        }

        if (IsToUnsubscribe(message))
        {
            var token = (message.Header("Subject") ?? "").Trim();
            return
            [
                new MailReport(
                    FeedbackKind.Unsubscribed,
                    [new TouchMark(MarkKind.UnsubscribeToken, token), .. AnsweredMarks(message)]
                ),
            ];
        }

        return
        [
            new MailReport(
                IsAutomatic(message) ? FeedbackKind.AutoReplied : FeedbackKind.Replied,
                AnsweredMarks(message)
            ),
        ];
    }

    // The first block is of the whole message, each further one of a recipient. We write to one at a time.
    private static IEnumerable<MailReport> ReadDelivery(RawMessage message, RawMessage status)
    {
        var blocks = RawMessage.Blocks(status.Body).ToList();
        var envelope = blocks
            .Select(block => block.Header("Original-Envelope-Id"))
            .FirstOrDefault(id => id is not null);
        foreach (var block in blocks.Where(block => block.Header("Action") is not null))
        {
            var code = (block.Header("Status") ?? "").Split(' ', '(')[0];
            var diagnostic = block.Header("Diagnostic-Code") ?? "";
            var action = block.Header("Action")!.Trim().ToLowerInvariant();
            FeedbackKind? kind = action switch
            {
                "delivered" => FeedbackKind.Delivered,
                "failed" => Bounces.Classify(0, StatusOf(code), diagnostic) switch
                {
                    BounceClass.Hard => FeedbackKind.HardBounced,
                    // A queue that gave up.
                    BounceClass.Soft or BounceClass.Defer => FeedbackKind.SoftBounced,
                    _ => null,
                },
                // Delayed, relayed and expanded are no end.
                _ => null,
            };
            yield return new MailReport(kind, ReturnedMarks(message, envelope), code.Length > 0 ? code : null);
        }
    }

    // x.0.0 says nothing; the diagnostic may.
    private static string? StatusOf(string code) =>
        code.Length == 0 || code.EndsWith(".0.0", StringComparison.Ordinal) ? null : code;

    private static MailReport ReadComplaint(RawMessage message, RawMessage feedback)
    {
        var fields = RawMessage.Blocks(feedback.Body).FirstOrDefault() ?? feedback;
        var type = (fields.Header("Feedback-Type") ?? "abuse").Trim().ToLowerInvariant();
        List<TouchMark> marks =
        [
            .. fields.All("Original-Mail-From").Select(from => new TouchMark(MarkKind.ReturnPath, from)),
            .. ReturnedMarks(message, fields.Header("Original-Envelope-Id")),
        ];
        // Others tell of forgeries (auth-failure) or take a complaint back (not-spam).
        var isComplaint = type is "abuse" or "fraud" or "virus" or "other";
        return new MailReport(isComplaint ? FeedbackKind.Complained : null, marks, type);
    }

    // By a mail system that knows no reports. Words are weak: the worst that they can say is that it did not work this time.
    private static MailReport ReadPlainBounce(RawMessage message)
    {
        var own = message.Own().FirstOrDefault(part => part.Type == "text/plain")?.Body ?? "";
        var said = string.Join(
            '\n',
            own.Split('\n')
                .TakeWhile(line => !line.StartsWith("---", StringComparison.Ordinal))
                .Where(line => !line.StartsWith('>'))
        );
        var isRefusal = Bounces.Classify(550, null, said) == BounceClass.Hard;
        return new MailReport(isRefusal ? FeedbackKind.SoftBounced : null, ReturnedMarks(message, null));
    }

    private static bool IsBounce(RawMessage message) =>
        message.Header("Return-Path")?.Trim() == "<>" || IsFromDaemon(message);

    private static bool IsFromDaemon(RawMessage message) =>
        (message.Header("From") ?? "").Contains("mailer-daemon", StringComparison.OrdinalIgnoreCase);

    private static bool IsAutomatic(RawMessage message) =>
        message.Header("Auto-Submitted") is { } submitted
            && !submitted.StartsWith("no", StringComparison.OrdinalIgnoreCase)
        || message.Header("X-Autoreply") is not null
        || message.Header("X-Autorespond") is not null
        || string.Equals(message.Header("Precedence"), "auto_reply", StringComparison.OrdinalIgnoreCase);

    private static bool IsToUnsubscribe(RawMessage message) =>
        EnvelopeHeaders
            .SelectMany(message.All)
            .Any(to => to.Contains("unsubscribe@", StringComparison.OrdinalIgnoreCase));

    // Surest first: the address, what the server repeats, then what came back of the message itself.
    private static List<TouchMark> ReturnedMarks(RawMessage message, string? envelopeId)
    {
        var marks = EnvelopeHeaders
            .SelectMany(message.All)
            .Select(to => new TouchMark(MarkKind.ReturnPath, to))
            .ToList();
        if (envelopeId is not null)
        {
            marks.Add(new TouchMark(MarkKind.EnvelopeId, envelopeId));
        }

        foreach (var returned in message.Walk().Skip(1))
        {
            marks.AddRange(returned.All("Return-Path").Select(path => new TouchMark(MarkKind.ReturnPath, path)));
            marks.AddRange(returned.All("Message-ID").Select(id => new TouchMark(MarkKind.MessageId, id)));
        }

        return marks;
    }

    private static List<TouchMark> AnsweredMarks(RawMessage message) =>
        [
            .. message
                .All("In-Reply-To")
                .Concat(message.All("References").SelectMany(ids => ids.Split(' ', '\t').Reverse()))
                .Select(id => new TouchMark(MarkKind.MessageId, id)),
            .. EnvelopeHeaders.SelectMany(message.All).Select(to => new TouchMark(MarkKind.ReturnPath, to)),
        ];
}
