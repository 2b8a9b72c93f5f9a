using NurtureEngine.Core.Intake;

namespace NurtureEngine.Channels.Email.Reports;

/// <summary>
/// Reads what comes back: delivery reports (RFC 3464), complaints (ARF, RFC 5965, and Hotmail's without a report), plain bounces, receipts (RFC 8098),
/// automatic answers (RFC 3834), mails to unsubscribe, and answers of people. What may be either is told as unknown, and counts as nobody's answer.
/// </summary>
public static class MailReports
{
    private static readonly string[] OptOuts = ["opt-out", "opt-out-list", "optout", "unsubscribe"];

    /// <summary>A raw report; empty where the message is none.</summary>
    public static IReadOnlyList<MailReport> ReadReport(RawMessage message) =>
        ReadStructured(message) is { } reports ? reports
        : ReadMachine(message) is { } machine ? [machine]
        : AutomaticMail.HasNoSender(message) ? [new MailReport(null, ReportMarks.OfReturned(message, null))]
        : [];

    /// <summary>A raw message to one of the engine's addresses that is, as a rule, an answer.</summary>
    public static IReadOnlyList<MailReport> ReadInbound(RawMessage message)
    {
        // Before all else: whoever asks by a program of theirs wants no more, too.
        if (IsToUnsubscribe(message) && ReportMarks.Tokens(message) is { Count: > 0 } tokens)
        {
            return
            [
                new MailReport(
                    FeedbackKind.Unsubscribed,
                    AutomaticMail.IsMarked(message) ? tokens : [.. tokens, .. ReportMarks.OfAnswered(message)]
                ),
            ];
        }

        if (ReadReport(message) is { Count: > 0 } reports)
        {
            return reports;
        }

        return
        [
            new MailReport(
                IsToUnsubscribe(message) ? FeedbackKind.Unsubscribed
                    : IsDoubtful(message) ? FeedbackKind.Unknown
                    : FeedbackKind.Replied,
                ReportMarks.OfAnswered(message)
            ),
        ];
    }

    // By its parts alone. Null where it has none that says so.
    private static IReadOnlyList<MailReport>? ReadStructured(RawMessage message)
    {
        var own = message.Own().ToList();
        if (own.Find(part => part.Type is "message/delivery-status" or "message/global-delivery-status") is { } status)
        {
            // A report that says nothing is a machine's all the same.
            return
            [
                .. DeliveryReport
                    .Read(message, status)
                    .DefaultIfEmpty(new MailReport(null, ReportMarks.OfReturned(message, null))),
            ];
        }

        if (own.Find(part => part.Type == "message/feedback-report") is { } feedback)
        {
            return [ReadComplaint(message, feedback)];
        }

        // A receipt is sent by a program, and means at most that the message was opened.
        if (
            own.Exists(part =>
                part.Type is "message/disposition-notification" or "message/global-disposition-notification"
            )
        )
        {
            return [new MailReport(null, ReportMarks.OfReturned(message, null))];
        }

        // Microsoft's junk reports bring the message along, with a header that only they have.
        return message.Walk().Skip(1).Any(part => part.Header("X-HmXmrOriginalRecipient") is not null)
            ? [new MailReport(FeedbackKind.Complained, ReportMarks.OfReturned(message, null))]
            : null;
    }

    // By headers and subjects. Null where a person may have written it.
    private static MailReport? ReadMachine(RawMessage message)
    {
        var subject = MachineSubjects.KindOf(message.Header("Subject"));
        var isDaemon = AutomaticMail.IsFromDaemon(message);
        if (isDaemon || AutomaticMail.IsMarked(message) && subject is MachineSubject.Bounce or MachineSubject.Delay)
        {
            return subject == MachineSubject.Delay
                ? new MailReport(null, ReportMarks.OfReturned(message, null))
                : ReadPlainBounce(message);
        }

        return subject switch
        {
            MachineSubject.Complaint when AutomaticMail.IsFromComplaintDesk(message) => new MailReport(
                FeedbackKind.Complained,
                ReportMarks.OfReturned(message, null)
            ),
            MachineSubject.Receipt when !AutomaticMail.IsMarked(message) => new MailReport(
                FeedbackKind.Unknown,
                ReportMarks.OfAnswered(message)
            ),
            MachineSubject.Away => new MailReport(FeedbackKind.AutoReplied, ReportMarks.OfAnswered(message)),
            _ when AutomaticMail.IsMarked(message) => new MailReport(
                FeedbackKind.AutoReplied,
                ReportMarks.OfAnswered(message)
            ),
            _ => null,
        };
    }

    private static bool IsDoubtful(RawMessage message) =>
        MachineSubjects.KindOf(message.Header("Subject")) is not null
        || MachineSubjects.EndsLikeOne(message.Header("Subject"))
        || AutomaticMail.MayBeAutomatic(message)
        || AutomaticMail.IsFromNobody(message)
        || !AutomaticMail.HasWords(message);

    private static MailReport ReadComplaint(RawMessage message, RawMessage feedback)
    {
        var fields = RawMessage.Blocks(feedback.Body).FirstOrDefault() ?? feedback;
        var type = (fields.Header("Feedback-Type") ?? "abuse").Trim().ToLowerInvariant();
        List<TouchMark> marks =
        [
            .. fields.All("Original-Mail-From").Select(from => new TouchMark(MarkKind.ReturnPath, from)),
            .. ReportMarks.OfReturned(message, fields.Header("Original-Envelope-Id")),
        ];
        // Others tell of forgeries (auth-failure) or take a complaint back (not-spam).
        FeedbackKind? kind =
            type is "abuse" or "fraud" or "virus" or "other" or "miscategorized" ? FeedbackKind.Complained
            : OptOuts.Contains(type) ? FeedbackKind.Unsubscribed
            : null;
        return new MailReport(kind, marks, type);
    }

    private static MailReport ReadPlainBounce(RawMessage message)
    {
        var own = AutomaticMail.OwnWords(message);
        var said = string.Join(
            '\n',
            own.Split('\n').TakeWhile(line => !line.StartsWith("---", StringComparison.Ordinal))
        );
        var (kind, evidence) = PlainBounce.Read(said);
        List<TouchMark> marks =
        [
            .. ReportMarks.OfReturned(message, null),
            // What it quotes of the message's head stands in its words.
            .. ReportMarks.Quoted(own),
            .. ReportMarks.OfAnswered(message),
        ];
        // A postmaster is a person, too.
        return
            kind is null
            && evidence is null
            && MachineSubjects.KindOf(message.Header("Subject")) is null
            && !IsByProgram(message)
            ? new MailReport(FeedbackKind.Unknown, marks)
            : new MailReport(kind, marks, evidence is null ? null : MailReport.Shortened(evidence));
    }

    private static bool IsByProgram(RawMessage message) =>
        AutomaticMail.IsMarked(message)
        || (message.Header("From") ?? "").Contains("daemon", StringComparison.OrdinalIgnoreCase);

    private static bool IsToUnsubscribe(RawMessage message) =>
        ReportMarks
            .EnvelopeHeaders.Append("Cc")
            .SelectMany(message.All)
            .Any(to => to.Contains("unsubscribe@", StringComparison.OrdinalIgnoreCase));
}
