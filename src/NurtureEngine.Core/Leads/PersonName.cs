using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace NurtureEngine.Core.Leads;

/// <summary>
/// The name by which a person is greeted, from how lists and CRMs write names. Where it can't be told which part that is there is none, so that a
/// template's default shows: no greeting is better than one by a title or a family name.
/// </summary>
public static class PersonName
{
    private static readonly FrozenSet<string> Titles = Set(
        "dr drs dott dottssa prof professor mr mrs ms miss mx mister misses sir madam dame lady lord rev reverend hon judge herr frau hr fr mme mlle monsieur madame mademoiselle sra srta señor señora señorita senhor senhora sig sigra signor signora ssa freiherr freifrau ing dipl mag ir mw dhr dhrs engr eng arch lic capt captain col colonel gen general lt maj major sgt pan pani fru herrn bc mgr phdr judr mudr univ priv doz doc shri smt med rer nat jur phil habil"
    );

    // Titles only with a dot: without one they are somebody's name.
    private static readonly FrozenSet<string> DottedTitles = Set("m sr st don");

    private static readonly FrozenSet<string> Suffixes = Set(
        "jr sr ii iii iv phd ph.d md m.d mba m.b.a msc bsc ba ma cpa esq dds pmp cfa cissp rn llb llm ll.m jd dba pe csm mhp junior senior"
    );

    private static readonly FrozenSet<string> Particles = Set(
        "van der den de von zu zur la le du des di da do dos das del della bin ben al el ten ter af av mac mc st o"
    );

    private static readonly FrozenSet<string> NoNames = Set(
        "n/a na none null unknown unbekannt inconnu test tbd nil undefined anonymous user contact info admin sales support marketing office team customer guest lead name firstname no department"
    );

    // Words that no person's name holds: a group's or a company's.
    private static readonly FrozenSet<string> OfGroups = Set(
        "team department dept abteilung buchhaltung familie family firma inc gmbh ltd llc ag corp company office service reception"
    );

    // Hungarian and Vietnamese names, and most in these languages, begin with the family.
    private static readonly FrozenSet<string> FamilyFirst = Set("hu vi zh ja ko");

    private static readonly FrozenSet<string> EastAsianFamilies = Set(
        "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang xie song tang feng deng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren shen yao cui zhong tan fan wong chan cheung leung lau ng kwok tsai hsu hsieh "
            + "kim lee park choi jung jeong kang cho yoon jang lim han shin seo kwon hwang ahn oh yoo hong "
            + "sato suzuki takahashi tanaka watanabe ito yamamoto nakamura kobayashi kato yoshida yamada sasaki yamaguchi matsumoto inoue kimura hayashi shimizu saito mori abe ikeda hashimoto ishikawa ogawa okada hasegawa fujita goto kondo"
    );

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
            var isSuffix = behind.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).All(IsSuffix);
            // Behind several words stands a title or a place as well.
            return isSuffix ? First(before, language)
                : IsFamily(Words(before)) ? Given(Words(behind), isKnownGiven: true, language)
                : null;
        }

        // One word behind a title is the family's; so are a small particle and what it belongs to.
        var words = Words(clean);
        return words is [var particle, var last]
            && Particles.Contains(particle)
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
            || words.Exists(word => !IsName(word) || words.Count > 1 && OfGroups.Contains(word.TrimEnd('.')))
            || words.TrueForAll(NoNames.Contains)
            || NoNames.Contains(string.Join(' ', words))
        )
        {
            return null;
        }

        if (isKnownGiven)
        {
            return Usable(words[0]);
        }

        // Without a space, family and given name can't be told apart for sure, and both together are no first name.
        if (words.Exists(IsHan))
        {
            return null;
        }

        var tag = (language ?? "").Split('-', '_')[0];
        // Which is the family's can't be told; two capitals are initials, or a family's.
        if (
            words.Exists(word => word.Length == 2 && word.All(char.IsUpper) && !Particles.Contains(word))
            || words.Count > 1
                && EastAsianFamilies.Contains(words[0])
                && (tag.Length == 0 || EastAsianFamilies.Contains(words[^1]))
        )
        {
            return null;
        }

        var first =
            words.Count == 1 ? words[0]
            : FamilyInCapitals(words) is { } given ? given
            : tag is "vi" ? words[^1]
            : tag is "hu" || FamilyFirst.Contains(tag) && EastAsianFamilies.Contains(words[0]) ? words[1]
            : words[0];
        return Usable(first);
    }

    // "DUPONT Marie", "Marie DUPONT": who writes one part in capitals means the family. Null where none or all of it is in capitals.
    private static string? FamilyInCapitals(List<string> words)
    {
        var small = words.Where(word => !IsCapitals(word) && !Particles.Contains(word)).ToList();
        return small.Count > 0 && small.Count < words.Count ? small[0] : null;
    }

    private static bool IsCapitals(string word) =>
        word.Count(char.IsLetter) > 1
        && !word.Contains('.', StringComparison.Ordinal)
        && word.Where(char.IsLetter).All(char.IsUpper);

    private static bool IsFamily(List<string> words) =>
        words.Count == 1 || words.Count > 1 && words.SkipLast(1).All(Particles.Contains);

    // An initial is no name to greet by.
    private static string? Usable(string word)
    {
        var bare = word.Trim('.', '\'', '’');
        return bare.EnumerateRunes().Count(Rune.IsLetter) < 2 && !IsHan(bare)
            || word.EndsWith('.')
            || bare.Contains('.', StringComparison.Ordinal)
                ? null
            : IsCapitals(bare) || bare.Where(char.IsLetter).All(char.IsLower) ? Capitalised(bare)
            : bare;
    }

    private static string Capitalised(string word)
    {
        var text = word.ToLowerInvariant().ToCharArray();
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = i == 0 || text[i - 1] is '-' or '\'' or '’' ? char.ToUpperInvariant(text[i]) : text[i];
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
                && word[..dot].Split('.', '-').All(IsTitle)
                    ? new[] { word[..(dot + 1)], word[(dot + 1)..].TrimStart('-') }
                    : [word]
            )
            .Where(word => word.Length > 0)
            .ToList();
        while (
            words.Count > 0
            && (
                IsTitle(words[0])
                || DottedTitles.Contains(words[0].TrimEnd('.')) && words[0].EndsWith('.')
                || words[0] is "&" or "/" or "und" or "and" or "h.c."
            )
        )
        {
            words.RemoveAt(0);
        }

        while (words.Count > 1 && IsSuffix(words[^1]))
        {
            words.RemoveAt(words.Count - 1);
        }

        return words;
    }

    private static bool IsTitle(string word) =>
        word.Split(['.', '-', ','], StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } parts
        && (
            Titles.Contains(word.Trim('.', ','))
            || word.Contains('.', StringComparison.Ordinal) && parts.All(Titles.Contains)
        );

    private static bool IsSuffix(string word) => Suffixes.Contains(word.Trim('.', ','));

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

    private static FrozenSet<string> Set(string words) =>
        words.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
