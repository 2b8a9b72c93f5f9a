using UtfUnknown;

namespace NurtureEngine.Host.Imports;

/// <summary>Finds out in which East Asian encoding a text is written.</summary>
internal static class EastAsianEncoding
{
    // Of a text in these scripts nearly all characters are among the frequent ones, which each standard keeps in a range of its own.
    private const double MostlyFrequent = 0.75;
    private const double ClearlyMore = 0.15;

    /// <summary>The encodings: which characters are frequent in them, and which bytes begin one.</summary>
    public static readonly (string Name, Func<byte, byte, bool> IsFrequent, Func<byte, bool> IsLead)[] All =
    [
        (
            "gb18030",
            (a, b) => a is >= 0xB0 and <= 0xD7 && b >= 0xA1 || a is >= 0xA1 and <= 0xA3 && b >= 0xA1,
            a => a >= 0x81
        ),
        (
            "shift_jis",
            (a, b) => a is >= 0x88 and <= 0x98 || a is 0x81 or 0x82 or 0x83 && b >= 0x40,
            a => a is >= 0x81 and <= 0x9F or >= 0xE0 and <= 0xFC
        ),
        ("big5", (a, b) => a is >= 0xA4 and <= 0xC6 or 0xA1, a => a >= 0x81),
        ("euc-jp", (a, b) => (a is >= 0xB0 and <= 0xCF or >= 0xA1 and <= 0xA5) && b >= 0xA1, a => a >= 0x8E),
        ("euc-kr", (a, b) => (a is >= 0xB0 and <= 0xC8 or 0xA1) && b >= 0xA1, a => a >= 0xA1),
    ];

    /// <summary>The one whose frequent characters the text holds; null, with those that fit, where that can't be told.</summary>
    public static FoundEncoding? Find(string path, byte[] bytes, out IReadOnlyList<string> candidates)
    {
        var fit = All.Select(one => (one.Name, Share: FrequentOf(bytes, one.IsLead, one.IsFrequent)))
            .Where(one => one.Share >= MostlyFrequent && FileEncoding.Decodes(path, FileEncoding.Of(one.Name)))
            .OrderByDescending(one => one.Share)
            .ToList();
        candidates = [];
        if (fit is [var only] || fit is [var first, var second, ..] && first.Share - second.Share >= ClearlyMore)
        {
            var found = fit[0].Name;
            return new FoundEncoding(FileEncoding.Of(found), found, "by the characters that are frequent in it");
        }

        var guess = CharsetDetector.DetectFromBytes(bytes).Detected;
        if (
            guess is { Confidence: > 0.6f, EncodingName: { } name }
            && Known(name) is { } known
            && FileEncoding.Decodes(path, FileEncoding.Of(known))
        )
        {
            return new FoundEncoding(FileEncoding.Of(known), known, "by the characters that are frequent in it");
        }

        candidates =
            fit.Count > 0
                ? [.. fit.Select(one => one.Name)]
                : [.. FileEncoding.Names.Skip(5).Where(one => FileEncoding.Decodes(path, FileEncoding.Of(one)))];
        return null;
    }

    private static string? Known(string name) =>
        name.ToLowerInvariant() switch
        {
            "gb2312" or "gbk" or "gb18030" or "hz-gb-2312" => "gb18030",
            "shift-jis" or "shift_jis" => "shift_jis",
            "uhc" or "cp949" or "ks_c_5601-1987" or "euc-kr" => "euc-kr",
            var other => FileEncoding.Names.Contains(other) && other != "auto" ? other : null,
        };

    /// <summary>Whether a text of Latin letters may be Chinese ones between them.</summary>
    public static bool MayBeChinese(byte[] bytes) =>
        FrequentOf(bytes, All[0].IsLead, All[0].IsFrequent) >= MostlyFrequent;

    private static double FrequentOf(byte[] bytes, Func<byte, bool> isLead, Func<byte, byte, bool> isFrequent)
    {
        var (all, frequent) = (0, 0);
        for (var i = 0; i + 1 < bytes.Length; i++)
        {
            if (bytes[i] >= 0x80)
            {
                all++;
                if (isLead(bytes[i]))
                {
                    frequent += isFrequent(bytes[i], bytes[i + 1]) ? 1 : 0;
                    i++;
                }
            }
        }

        return all == 0 ? 0 : (double)frequent / all;
    }
}
