using System.Text.RegularExpressions;

namespace NurtureEngine.Core.Touches;

/// <summary>What a mail system's refusal means for the address and for the sender.</summary>
public enum BounceClass
{
    /// <summary>The address takes no mail: it is never written to again.</summary>
    Hard,

    /// <summary>It takes none for the time being; several of these over weeks count as hard.</summary>
    Soft,

    /// <summary>Not now; tried again.</summary>
    Defer,

    /// <summary>The sender's reputation, not the lead's fault.</summary>
    Block,

    /// <summary>The sender's settings (authentication, addresses): a person has to look, nothing is the lead's fault.</summary>
    Config,

    /// <summary>This very message: too long, or of a kind that is not taken.</summary>
    Content,
}

/// <summary>
/// Reads refusals: what the remote system says itself before what another reports of it. The code tells how final it is, and the words
/// (<see cref="Refusals"/>) why: nobody's address is to blame for the sender's rate, reputation or content, whatever the code.
/// </summary>
public static partial class Bounces
{
    /// <param name="code">The three digits of an SMTP reply; 0 where there was none, as in a report.</param>
    /// <param name="enhanced">The enhanced status code (RFC 3463) that goes with the reply or report, such as <c>5.1.1</c>; null where there is none.</param>
    /// <param name="text">What the mail system said; an enhanced code in it counts before <paramref name="enhanced"/>.</param>
    public static BounceClass Classify(int code, string? enhanced, string text)
    {
        var own = Enhanced().Match(text);
        var given =
            enhanced is not null && Enhanced().Match(enhanced) is { Success: true, Index: 0 } match
                ? match.Value
                : null;
        var status = own.Success && !SaysNothing(own.Value) ? own.Value : given;
        var isPermanent =
            status is not null ? status[0] == '5'
            : code != 0 ? code >= 500
            : BasicOf(text) is 0 or >= 500;
        status = status is null || SaysNothing(status) ? null : status;
        var byCode = status is null ? (BounceClass?)null : ByStatus(status, isPermanent);
        return Refusals.CauseOf(text) switch
        {
            RefusalCause.Rate => isPermanent || byCode == BounceClass.Soft ? BounceClass.Soft : BounceClass.Defer,
            RefusalCause.Quota => byCode == BounceClass.Defer ? BounceClass.Defer
            : isPermanent || byCode is not null ? BounceClass.Soft
            : BounceClass.Defer,
            RefusalCause.Authentication when isPermanent => BounceClass.Config,
            RefusalCause.Reputation when isPermanent => byCode == BounceClass.Config
                ? BounceClass.Config
                : BounceClass.Block,
            RefusalCause.Content when isPermanent => byCode is BounceClass.Config or BounceClass.Block
                ? byCode.Value
                : BounceClass.Content,
            RefusalCause.Mailbox or RefusalCause.Domain when isPermanent => byCode is BounceClass.Config
            && !IsProtocol(status!)
                ? BounceClass.Config
                : BounceClass.Hard,
            RefusalCause.Vague when isPermanent => byCode ?? BounceClass.Block,
            _ => byCode ?? (isPermanent ? BounceClass.Soft : BounceClass.Defer),
        };
    }

    private static BounceClass ByStatus(string status, bool isPermanent)
    {
        var parts = status.Split('.');
        return (parts[1], parts[2]) switch
        {
            ("1", "7" or "8" or "9") => BounceClass.Config,
            ("1", _) => isPermanent ? BounceClass.Hard : BounceClass.Defer,
            ("2", "0") when !isPermanent => BounceClass.Defer,
            ("2", "1") => isPermanent ? BounceClass.Hard : BounceClass.Soft,
            ("2", "3") or ("3", "4") or ("6", _) => BounceClass.Content,
            ("2", _) => BounceClass.Soft,
            ("4", "7" or "6") => BounceClass.Soft,
            ("3", _) or ("4", _) => isPermanent ? BounceClass.Soft : BounceClass.Defer,
            ("5", _) => isPermanent ? BounceClass.Config : BounceClass.Defer,
            ("7", _) when !isPermanent => BounceClass.Defer,
            ("7", "26" or "515" or "20" or "21" or "22" or "23" or "24" or "25" or "27") => BounceClass.Config,
            ("7", _) => BounceClass.Block,
            _ => isPermanent ? BounceClass.Soft : BounceClass.Defer,
        };
    }

    // x.5.x is the class that servers give when they have no better one.
    private static bool IsProtocol(string status) => status.Split('.')[1] == "5";

    private static bool SaysNothing(string status) => status.Split('.')[1] == "0";

    private static int BasicOf(string text) =>
        Basic().Match(text) is { Success: true } match
            ? int.Parse(match.ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
            : 0;

    [GeneratedRegex(@"(?<![\d.])[245]\.[0-7]\.\d{1,3}(?![\d.]*\.\d)\b")]
    private static partial Regex Enhanced();

    [GeneratedRegex(@"(?<![\d.\[])[45]\d\d(?=[\s-])")]
    private static partial Regex Basic();
}
