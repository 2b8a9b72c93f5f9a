using System.Collections.Immutable;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>The buyer's role of those whose title holds one of these words.</summary>
public sealed record RoleRule(string Role, ImmutableArray<string> Titles)
{
    /// <summary>Whether a title holds one of the words; words in Latin letters count whole only.</summary>
    public bool Matches(string title) => Titles.Any(word => Holds(title, word));

    private static bool Holds(string title, string word)
    {
        for (
            var at = title.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            at >= 0;
            at = title.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase)
        )
        {
            var end = at + word.Length;
            if (
                !(IsLatin(word[0]) && at > 0 && IsLatin(title[at - 1]))
                && !(IsLatin(word[^1]) && end < title.Length && IsLatin(title[end]))
            )
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsLatin(char c) => char.IsLetter(c) && c < 0x250;
}
