using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace NurtureEngine.Core.Touches;

/// <summary>Why a mail system refused, by its own words.</summary>
public enum RefusalCause
{
    /// <summary>More at a time than it takes.</summary>
    Rate,

    /// <summary>The mailbox is full.</summary>
    Quota,

    /// <summary>The sender, its network or its links are not welcome.</summary>
    Reputation,

    /// <summary>The sender could not show who it is.</summary>
    Authentication,

    /// <summary>This very message.</summary>
    Content,

    /// <summary>There is no such mailbox, or no longer.</summary>
    Mailbox,

    /// <summary>There is no such domain, or it takes no mail.</summary>
    Domain,

    /// <summary>A refusal, and nothing is said of why.</summary>
    Vague,
}

/// <summary>A line of the table: the words by which a cause is known, and a reply in which they stand.</summary>
public sealed record Refusal(RefusalCause Cause, Regex Words, string Example);

/// <summary>The words in which mail systems refuse, as data (<c>refusals.tsv</c>): a wording that is new is one line more.</summary>
public static partial class Refusals
{
    private const string Resource = "refusals.tsv";

    // No text of a mail system is worth more, whatever it is made of.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);
    private const int MostText = 4_000;

    /// <summary>The lines, in the order in which they are asked.</summary>
    public static ImmutableArray<Refusal> All { get; } = Load();

    /// <summary>The cause that the words tell of; null where they tell of none.</summary>
    public static RefusalCause? CauseOf(string text)
    {
        // Names of people and companies are no words of the mail system.
        var said = Address().Replace(text.Length > MostText ? text[..MostText] : text, "<>");
        said = Host().Replace(said, "<host>");
        try
        {
            return All.FirstOrDefault(refusal => refusal.Words.IsMatch(said))?.Cause;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static ImmutableArray<Refusal> Load() =>
        [
            .. WordTable
                .Read(typeof(Refusals).Assembly, Resource)
                .Select(cells => new Refusal(
                    Enum.Parse<RefusalCause>(cells[0], ignoreCase: true),
                    new Regex(cells[1], RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Longest),
                    cells[2]
                )),
        ];

    [GeneratedRegex(
        @"(?<=\bhost )\S+|(?<=\(host )[^)]+|(?<=\bsee )https?://\S+|(?<=\()[\w-]+(\.[\w-]+)+(?=\))",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Host();

    [GeneratedRegex(@"<?[^\s<>@:;,()]+@[^\s<>@:;,()]+>?")]
    private static partial Regex Address();
}
