using System.Collections.Frozen;

namespace NurtureEngine.Core.Leads.Cleaning;

/// <summary>Languages as IETF tags (BCP 47), whatever way they are written.</summary>
internal static class LanguageTag
{
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["english"] = "en",
        ["英文"] = "en",
        ["英语"] = "en",
        ["chinese"] = "zh-CN",
        ["中文"] = "zh-CN",
        ["汉语"] = "zh-CN",
        ["简体中文"] = "zh-CN",
        ["simplified chinese"] = "zh-CN",
        ["繁體中文"] = "zh-TW",
        ["traditional chinese"] = "zh-TW",
        ["german"] = "de",
        ["deutsch"] = "de",
        ["french"] = "fr",
        ["français"] = "fr",
        ["spanish"] = "es",
        ["español"] = "es",
        ["japanese"] = "ja",
        ["日本語"] = "ja",
        ["日语"] = "ja",
        ["korean"] = "ko",
        ["한국어"] = "ko",
        ["韩语"] = "ko",
        ["italian"] = "it",
        ["portuguese"] = "pt",
        ["russian"] = "ru",
        ["dutch"] = "nl",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The tag in its usual letters, such as <c>zh-CN</c> for <c>ZH_cn</c>; the text itself where it is no language.</summary>
    public static string Normalise(string text)
    {
        var trimmed = text.Trim();
        if (Names.GetValueOrDefault(trimmed) is { } named)
        {
            return named;
        }

        var parts = trimmed.Replace('_', '-').Split('-');
        return
            parts[0].Length is 2 or 3
            && parts.All(part => part.Length is > 0 and <= 8 && part.All(char.IsAsciiLetterOrDigit))
            ? string.Join('-', parts.Select(Cased))
            : text;
    }

    private static string Cased(string part, int index) =>
        index == 0 ? part.ToLowerInvariant()
        : part.Length == 2 ? part.ToUpperInvariant()
        : part.Length == 4 ? char.ToUpperInvariant(part[0]) + part[1..].ToLowerInvariant()
        : part;
}
