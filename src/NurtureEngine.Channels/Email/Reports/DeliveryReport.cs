using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email.Reports;

/// <summary>Reads the part of a report that tells what became of a message (RFC 3464).</summary>
internal static class DeliveryReport
{
    /// <summary>What it tells of the address that we wrote to; empty where it tells nothing.</summary>
    public static IEnumerable<MailReport> Read(RawMessage message, RawMessage status) =>
        OfOurRecipient([.. ReadAll(message, status)]);

    // We write to one at a time: a report about several is about those to whom the message was passed on, and one of them who is gone says nothing of
    // the address that we wrote to, as long as it reached another.
    private static IEnumerable<MailReport> OfOurRecipient(List<MailReport> reports) =>
        reports.Exists(report => report.Kind != FeedbackKind.HardBounced)
            ? reports.Where(report => report.Kind != FeedbackKind.HardBounced)
            : reports;

    // The first block is of the whole message, each further one of a recipient.
    private static IEnumerable<MailReport> ReadAll(RawMessage message, RawMessage status)
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
            yield return new MailReport(
                kind,
                ReportMarks.OfReturned(message, envelope),
                MailReport.Shortened($"{code} {diagnostic}")
            );
        }
    }
}
