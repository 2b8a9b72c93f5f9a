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
/// Reads refusals: the enhanced status code (RFC 3463) before the reply's code, the words of the reply where both say nothing.
/// </summary>
public static partial class Bounces
{
    /// <param name="code">The three digits of an SMTP reply; 0 where there was none, as in a report.</param>
    /// <param name="enhanced">The enhanced status code, such as <c>5.1.1</c>; null where there is none.</param>
    /// <param name="text">What the mail system said.</param>
    public static BounceClass Classify(int code, string? enhanced, string text)
    {
        var status =
            enhanced
            ?? Enhanced().Match(text) switch
            {
                { Success: true } match => match.Value,
                _ => null,
            };
        var parts = status?.Split('.');
        if (parts is not [var kind, var subject, var detail])
        {
            return ByWords(code, text);
        }

        var isPermanent = kind == "5";
        return (subject, detail) switch
        {
            ("1", "1" or "2" or "3" or "4" or "6" or "10") => isPermanent ? BounceClass.Hard : BounceClass.Defer,
            ("1", "7" or "8" or "9") => BounceClass.Config,
            ("2", "1") => isPermanent ? BounceClass.Hard : BounceClass.Soft,
            ("2", "2" or "4") => BounceClass.Soft,
            ("2", "3") or ("3", "4") or ("6", _) => BounceClass.Content,
            ("3", _) => isPermanent ? BounceClass.Soft : BounceClass.Defer,
            ("4", "7" or "6") => BounceClass.Soft,
            ("4", "4") => isPermanent ? BounceClass.Soft : BounceClass.Defer,
            ("4", _) => BounceClass.Defer,
            ("5", _) => isPermanent ? BounceClass.Config : BounceClass.Defer,
            ("7", _) when !isPermanent => BounceClass.Defer,
            ("7", "26" or "515" or "20" or "21" or "22" or "23" or "24" or "25" or "27") => BounceClass.Config,
            ("7", _) => BounceClass.Block,
            // x.0.0 says nothing.
            _ => ByWords(
                code == 0
                    ? isPermanent
                        ? 550
                        : 450
                    : code,
                text
            ),
        };
    }

    private static BounceClass ByWords(int code, string text) =>
        code is >= 400 and < 500 ? BounceClass.Defer
        : NoSuchMailbox().IsMatch(text) ? BounceClass.Hard
        : Blocked().IsMatch(text) ? BounceClass.Block
        : BounceClass.Soft;

    [GeneratedRegex(@"\b[245]\.\d{1,3}\.\d{1,3}\b")]
    private static partial Regex Enhanced();

    [GeneratedRegex(
        "user unknown|unknown user|no such (user|mailbox|recipient)|does not exist|mailbox (unavailable|not found)|invalid (recipient|mailbox)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex NoSuchMailbox();

    [GeneratedRegex("spam|block|blacklist|denied|policy|reputation|refused", RegexOptions.IgnoreCase)]
    private static partial Regex Blocked();
}
