using System.Text.RegularExpressions;
using NurtureEngine.Channels.Email.Smtp;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email.Reports;

/// <summary>
/// Reads what comes back: delivery reports (RFC 3464), complaints (ARF, RFC 5965, and Hotmail's without a report), plain bounces, receipts (RFC 8098),
/// automatic answers (RFC 3834), mails to unsubscribe, and answers of people. What may be either is told as unknown, and counts as nobody's answer.
/// </summary>
public static partial class MailReports
{
    // What a token looks like; whether it is one is seen by its signature.
    private const int TokenLength = 39;
    private const int MostTokens = 10;
    private const int MostEvidence = 300;

    private static readonly string[] EnvelopeHeaders = ["X-Original-To", "Delivered-To", "Envelope-To", "To"];
    private static readonly string[] OptOuts = ["opt-out", "opt-out-list", "optout", "unsubscribe"];

    /// <summary>A raw report; empty where the message is none.</summary>
    public static IReadOnlyList<MailReport> ReadReport(RawMessage message) =>
        ReadStructured(message) is { } reports ? reports
        : ReadMachine(message) is { } machine ? [machine]
        : AutomaticMail.HasNoSender(message) ? [new MailReport(null, ReturnedMarks(message, null))]
        : [];

    /// <summary>A raw message to one of the engine's addresses that is, as a rule, an answer.</summary>
    public static IReadOnlyList<MailReport> ReadInbound(RawMessage message)
    {
        // Before all else: whoever asks by a program of theirs wants no more, too.
        if (IsToUnsubscribe(message) && TokensOf(message) is { Count: > 0 } tokens)
        {
            return
            [
                new MailReport(
                    FeedbackKind.Unsubscribed,
                    AutomaticMail.IsMarked(message) ? tokens : [.. tokens, .. AnsweredMarks(message)]
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
                AnsweredMarks(message)
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
                .. OfOurRecipient([.. ReadDelivery(message, status)])
                    .DefaultIfEmpty(new MailReport(null, ReturnedMarks(message, null))),
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
            return [new MailReport(null, ReturnedMarks(message, null))];
        }

        // Microsoft's junk reports bring the message along, with a header that only they have.
        return message.Walk().Skip(1).Any(part => part.Header("X-HmXmrOriginalRecipient") is not null)
            ? [new MailReport(FeedbackKind.Complained, ReturnedMarks(message, null))]
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
                ? new MailReport(null, ReturnedMarks(message, null))
                : ReadPlainBounce(message);
        }

        return subject switch
        {
            MachineSubject.Complaint when AutomaticMail.IsFromComplaintDesk(message) => new MailReport(
                FeedbackKind.Complained,
                ReturnedMarks(message, null)
            ),
            MachineSubject.Receipt when !AutomaticMail.IsMarked(message) => new MailReport(
                FeedbackKind.Unknown,
                AnsweredMarks(message)
            ),
            MachineSubject.Away => new MailReport(FeedbackKind.AutoReplied, AnsweredMarks(message)),
            _ when AutomaticMail.IsMarked(message) => new MailReport(FeedbackKind.AutoReplied, AnsweredMarks(message)),
            _ => null,
        };
    }

    private static bool IsDoubtful(RawMessage message) =>
        MachineSubjects.KindOf(message.Header("Subject")) is not null
        || MachineSubjects.EndsLikeOne(message.Header("Subject"))
        || AutomaticMail.MayBeAutomatic(message)
        || AutomaticMail.IsFromNobody(message)
        || !AutomaticMail.HasWords(message);

    // We write to one at a time: a report about several is about those to whom the message was passed on, and one of them who is gone says nothing of
    // the address that we wrote to, as long as it reached another.
    private static IEnumerable<MailReport> OfOurRecipient(List<MailReport> reports) =>
        reports.Exists(report => report.Kind != FeedbackKind.HardBounced)
            ? reports.Where(report => report.Kind != FeedbackKind.HardBounced)
            : reports;

    // The first block is of the whole message, each further one of a recipient.
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
                "failed" => Bounces.Classify(0, code.Length > 0 ? code : null, diagnostic) switch
                {
                    BounceClass.Hard => FeedbackKind.HardBounced,
                    // A queue that gave up.
                    BounceClass.Soft or BounceClass.Defer => FeedbackKind.SoftBounced,
                    _ => null,
                },
                // Delayed, relayed and expanded are no end.
                _ => null,
            };
            yield return new MailReport(kind, ReturnedMarks(message, envelope), Evidence($"{code} {diagnostic}"));
        }
    }

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
            .. ReturnedMarks(message, null),
            // What it quotes of the message's head stands in its words.
            .. MessageIds().Matches(own).Select(match => new TouchMark(MarkKind.MessageId, match.Groups[1].Value)),
            .. AnsweredMarks(message),
        ];
        // A postmaster is a person, too.
        return
            kind is null
            && evidence is null
            && MachineSubjects.KindOf(message.Header("Subject")) is null
            && !IsByProgram(message)
            ? new MailReport(FeedbackKind.Unknown, marks)
            : new MailReport(kind, marks, evidence is null ? null : Evidence(evidence));
    }

    private static bool IsByProgram(RawMessage message) =>
        AutomaticMail.IsMarked(message)
        || (message.Header("From") ?? "").Contains("daemon", StringComparison.OrdinalIgnoreCase);

    private static string? Evidence(string said) =>
        SmtpReply.Clean(said.ReplaceLineEndings(" ").Trim()) is { Length: > 0 } text
            ? text[..Math.Min(text.Length, MostEvidence)]
            : null;

    private static bool IsToUnsubscribe(RawMessage message) =>
        EnvelopeHeaders
            .Append("Cc")
            .SelectMany(message.All)
            .Any(to => to.Contains("unsubscribe@", StringComparison.OrdinalIgnoreCase));

    // Mail programs take the subject from the link, and some of them add words.
    private static List<TouchMark> TokensOf(RawMessage message) =>
        [
            .. $"{message.Header("Subject")} {AutomaticMail.OwnWords(message)}"
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.Trim('<', '>', '"', '\'', '.', ','))
                .Where(word => word.Length == TokenLength)
                .Take(MostTokens)
                .Select(word => new TouchMark(MarkKind.UnsubscribeToken, word)),
        ];

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

    [GeneratedRegex(@"^\s*>?\s*Message-I[Dd]:\s*(\S+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex MessageIds();
}
