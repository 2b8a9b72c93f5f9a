using System.Globalization;
using System.Text;

namespace NurtureEngine.Core.Leads;

/// <summary>
/// The name by which a person is greeted, from how lists and CRMs write names. Where it can't be told which part that is there is none, so that a
/// template's default shows: no greeting is better than one by a title or a family name.
/// </summary>
public static class PersonName
{
    /// <summary>The given name of a whole name; null where it can't be told.</summary>
    /// <param name="name">As it was written.</param>
    /// <param name="language">The person's language (BCP 47); null where it is not known.</param>
    /// <param name="family">Their family, where it is known by itself: what is left of the name beside it is given.</param>
    public static string? First(string? name, string? language = null, string? family = null)
    {
        var clean = Clean(name);
        if (Clean(family) is { Length: > 0 } known && clean.EndsWith(known, StringComparison.OrdinalIgnoreCase))
        {
            return Given(Words(clean[..^known.Length].Trim(' ', ',', '-')), isKnownGiven: true, language);
        }

        if (clean.Split(',', 2, StringSplitOptions.TrimEntries) is [var before, { Length: > 0 } behind])
        {
            var isSuffix = behind.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).All(NameWords.IsSuffix);
            // Behind several words stands a title or a place as well.
            return isSuffix ? First(before, language)
                : IsFamily(Words(before)) ? Given(Words(behind), isKnownGiven: true, language)
                : null;
        }

        // One word behind a title is the family's; so are a small particle and what it belongs to.
        var words = Words(clean);
        return words is [var particle, var last]
            && NameWords.Particles.Contains(particle)
            && particle.All(char.IsLower)
            && char.IsUpper(last[0])
                ? null
            : words.Count == 1
            && clean.Split(' ', '.').Length > 1
            && !clean.StartsWith(words[0], StringComparison.Ordinal)
                ? null
            : Given(words, isKnownGiven: false, language);
    }

    /// <summary>A field that holds the given name alone, such as a list's "First name"; null where it is none.</summary>
    public static string? Given(string? given) => Given(Words(Clean(given)), isKnownGiven: true, null);

    private static string? Given(List<string> words, bool isKnownGiven, string? language)
    {
        if (
            words.Count == 0
            || words.Exists(word => !IsName(word) || words.Count > 1 && NameWords.OfGroups.Contains(word.TrimEnd('.')))
            || words.TrueForAll(NameWords.NoNames.Contains)
            || NameWords.NoNames.Contains(string.Join(' ', words))
        )
        {
            return null;
        }

        if (isKnownGiven)
        {
            return Usable(words[0], TagOf(language));
        }

        // Without a space, family and given name can't be told apart for sure, and both together are no first name.
        if (words.Exists(IsHan))
        {
            return null;
        }

        var tag = TagOf(language);
        // Which is the family's can't be told; two capitals are initials, or a family's.
        if (
            words.Exists(word => word.Length == 2 && word.All(char.IsUpper) && !NameWords.Particles.Contains(word))
            || words.Count > 1
                && NameWords.EastAsianFamilies.Contains(words[0])
                && (tag.Length == 0 || NameWords.EastAsianFamilies.Contains(words[^1]))
        )
        {
            return null;
        }

        var first =
            words.Count == 1 ? words[0]
            : FamilyInCapitals(words) is { } given ? given
            : tag is "vi"
                ? ByOneEnd(
                    NameWords.VietnameseFamilies.Contains(words[0]),
                    words.Count == 2 && NameWords.VietnameseFamilies.Contains(words[1]),
                    words[^1],
                    words[0]
                )
            : tag is "hu"
                ? ByOneEnd(
                    NameWords.HungarianGiven.Contains(words[1]),
                    NameWords.HungarianGiven.Contains(words[0]),
                    words[1],
                    words[0]
                )
            : NameWords.FamilyFirst.Contains(tag) && NameWords.EastAsianFamilies.Contains(words[0]) ? words[1]
            // A family with its particle in front.
            : NameWords.Particles.Contains(words[0]) && words[0].All(char.IsLower) ? null
            : words[0];
        return first is null ? null : Usable(first, tag);
    }

    // Both orders are written: where both or none are likely, it can't be told.
    private static string? ByOneEnd(bool isFamilyFirst, bool isGivenFirst, string last, string first) =>
        isFamilyFirst == isGivenFirst ? null
        : isFamilyFirst ? last
        : first;

    // "DUPONT Marie", "Marie DUPONT": who writes one part in capitals means the family. Null where none or all of it is in capitals.
    private static string? FamilyInCapitals(List<string> words)
    {
        var small = words.Where(word => !IsCapitals(word) && !NameWords.Particles.Contains(word)).ToList();
        return small.Count > 0 && words.Exists(IsCapitals) ? small[0] : null;
    }

    // "McKENZIE" is in capitals too.
    private static bool IsCapitals(string word)
    {
        var text =
            word.StartsWith("Mc", StringComparison.Ordinal) || word.StartsWith("Mac", StringComparison.Ordinal)
                ? word[(word.IndexOf('c', StringComparison.Ordinal) + 1)..]
                : word;
        return text.Count(char.IsLetter) > 1
            && !text.Contains('.', StringComparison.Ordinal)
            && text.Where(char.IsLetter).All(char.IsUpper);
    }

    private static string TagOf(string? language) => (language ?? "").Split('-', '_')[0];

    private static bool IsFamily(List<string> words) =>
        words.Count == 1 || words.Count > 1 && words.SkipLast(1).All(NameWords.Particles.Contains);

    // An initial is no name to greet by.
    private static string? Usable(string word, string tag)
    {
        var bare = word.Trim('.', '\'', '’');
        return bare.EnumerateRunes().Count(Rune.IsLetter) < 2 && !IsHan(bare)
            || word.EndsWith('.')
            || bare.Contains('.', StringComparison.Ordinal)
                ? null
            : IsCapitals(bare) || bare.Where(char.IsLetter).All(char.IsLower) ? Capitalised(bare, tag)
            : bare;
    }

    private static string Capitalised(string word, string tag)
    {
        // Turkish and Azerbaijani have two letters I, each with a capital of its own.
        var isTurkish = tag is "tr" or "az" || word.Contains('İ', StringComparison.Ordinal);
        var text = (isTurkish ? word.Replace('İ', 'i').Replace('I', 'ı') : word).ToLowerInvariant().ToCharArray();
        for (var i = 0; i < text.Length; i++)
        {
            text[i] =
                i != 0 && text[i - 1] is not ('-' or '\'' or '’') ? text[i]
                : isTurkish && word[i] is 'İ' or 'i' ? 'İ'
                : isTurkish && word[i] is 'I' or 'ı' ? 'I'
                : char.ToUpperInvariant(text[i]);
        }

        return new string(text);
    }

    private static string Clean(string? name)
    {
        var text = DomainName.WithoutFormat(name ?? "").Replace('，', ',').Replace('、', ',');
        while (text.IndexOfAny(['(', '（', '[']) is >= 0 and var open)
        {
            var close = text.IndexOfAny([')', '）', ']'], open);
            text = $"{text[..open]} {(close < 0 ? "" : text[(close + 1)..])}";
        }

        foreach (
            var courtesy in new[]
            {
                "先生",
                "女士",
                "小姐",
                "太太",
                "老师",
                "总经理",
                "经理",
                "教授",
                "博士",
                "様",
                "さん",
                "님",
            }
        )
        {
            text = text.TrimEnd().EndsWith(courtesy, StringComparison.Ordinal)
                ? text.TrimEnd()[..^courtesy.Length]
                : text;
        }

        return text.Trim().Trim('"', '“', '”', '\'', '*', '-', '–', ',', ';', ' ').Trim();
    }

    private static List<string> Words(string text)
    {
        // "Dr.Anna" and "Dipl.-Ing." as well as "Dr. Anna".
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(word =>
                word.LastIndexOf('.') is > 0 and var dot
                && dot < word.Length - 1
                && word[..dot].Split('.', '-').All(NameWords.IsTitle)
                    ? new[] { word[..(dot + 1)], word[(dot + 1)..].TrimStart('-') }
                    : [word]
            )
            .Where(word => word.Length > 0)
            .ToList();
        while (
            words.Count > 0
            && (
                NameWords.IsTitle(words[0])
                || NameWords.DottedTitles.Contains(words[0].TrimEnd('.')) && words[0].EndsWith('.')
                || words[0] is "&" or "/" or "und" or "and" or "h.c."
            )
        )
        {
            words.RemoveAt(0);
        }

        while (words.Count > 1 && NameWords.IsSuffix(words[^1]))
        {
            words.RemoveAt(words.Count - 1);
        }

        return words;
    }

    private static bool IsName(string word) =>
        word.EnumerateRunes().Any(Rune.IsLetter)
        && word.EnumerateRunes()
            .All(rune =>
                Rune.IsLetter(rune)
                || rune.Value is '.' or '-' or '\'' or '’' or 'ʼ' or '·' or '・' or '‐' or '`' or '´'
                || IsMark(rune)
            );

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsHan(string word) =>
        word.EnumerateRunes()
            .Any(rune =>
                rune.Value
                    is >= 0x3040
                        and <= 0x30FF
                        or >= 0x3400
                        and <= 0x9FFF
                        or >= 0xAC00
                        and <= 0xD7AF
                        or >= 0x20000
                        and <= 0x3FFFF
            );
}
