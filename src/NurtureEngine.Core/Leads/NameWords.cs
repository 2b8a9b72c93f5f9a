using System.Collections.Frozen;

namespace NurtureEngine.Core.Leads;

/// <summary>Words by which the parts of a name are told, as data (<c>names.tsv</c>), whatever their case.</summary>
internal static class NameWords
{
    private static readonly FrozenDictionary<string, FrozenSet<string>> Sets = WordTable
        .Read(typeof(NameWords).Assembly, "names.tsv")
        .ToFrozenDictionary(
            cells => cells[0],
            cells => cells[1].Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase)
        );

    private static readonly FrozenSet<string> Titles = Sets["Titles"];
    private static readonly FrozenSet<string> Suffixes = Sets["Suffixes"];

    public static FrozenSet<string> DottedTitles { get; } = Sets["DottedTitles"];

    /// <summary>Small words in front of a family, such as <c>van</c>.</summary>
    public static FrozenSet<string> Particles { get; } = Sets["Particles"];

    public static FrozenSet<string> NoNames { get; } = Sets["NoNames"];

    /// <summary>Words that only the name of a group or of a company holds.</summary>
    public static FrozenSet<string> OfGroups { get; } = Sets["OfGroups"];

    /// <summary>The languages in which the family stands in front, as a rule.</summary>
    public static FrozenSet<string> FamilyFirst { get; } = Sets["FamilyFirst"];

    public static FrozenSet<string> VietnameseFamilies { get; } = Sets["VietnameseFamilies"];

    public static FrozenSet<string> HungarianGiven { get; } = Sets["HungarianGiven"];

    /// <summary>Chinese, Korean and Japanese families in Latin letters.</summary>
    public static FrozenSet<string> EastAsianFamilies { get; } = Sets["EastAsianFamilies"];

    public static bool IsTitle(string word) =>
        word.Split(['.', '-', ','], StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } parts
        && (
            Titles.Contains(word.Trim('.', ','))
            || word.Contains('.', StringComparison.Ordinal) && parts.All(Titles.Contains)
        );

    public static bool IsSuffix(string word) => Suffixes.Contains(word.Trim('.', ','));
}
