using System.Globalization;
using System.Text.RegularExpressions;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email.Reports;

/// <summary>
/// Reads a bounce of a mail system that writes no report part: what it quotes of the remote system's answer. Words without a code are weak: the worst
/// that they can say is that it did not work this time.
/// </summary>
internal static partial class PlainBounce
{
    /// <summary>What it means, and the answer that it quotes; null for what means nothing.</summary>
    public static (FeedbackKind? Kind, string? Evidence) Read(string said)
    {
        var answer = said.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => Reply().IsMatch(line));
        if (answer is null)
        {
            var isRefusal =
                Bounces.Classify(550, null, said) == BounceClass.Hard || Refusals.CauseOf(said) == RefusalCause.Quota;
            return (isRefusal ? FeedbackKind.SoftBounced : null, null);
        }

        var reply = Reply().Match(answer);
        var code = reply.Groups["code"] is { Success: true } digits
            ? int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture)
            : 0;
        var status = reply.Groups["status"] is { Success: true } found ? found.Value : null;
        FeedbackKind? kind = Bounces.Classify(code, status, Around(said, answer)) switch
        {
            BounceClass.Hard => FeedbackKind.HardBounced,
            BounceClass.Soft or BounceClass.Defer => FeedbackKind.SoftBounced,
            _ => null,
        };
        return (kind, answer);
    }

    // Answers run over lines.
    private static string Around(string said, string answer)
    {
        var at = said.IndexOf(answer, StringComparison.Ordinal);
        return said[at..Math.Min(said.Length, at + answer.Length + 300)].Split("\n\n")[0];
    }

    [GeneratedRegex(
        @"(?<![\d.])((?<code>4(21|5\d)|5(5\d|0[0-4]|11|21|41|7\d))[ \-:]+#?(?<status>[45]\.\d{1,3}\.\d{1,3})|(^|[:;。'""(]\s*|said\s+)(?<code>4(21|5\d)|5(5\d|0[1-4]|11|21|41|7\d))[ \-]+|#?(?<status>[45]\.\d{1,3}\.\d{1,3}))(?![\d.]*\d\.\d)"
    )]
    private static partial Regex Reply();
}
