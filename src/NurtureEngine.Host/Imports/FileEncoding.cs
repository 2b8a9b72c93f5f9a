using System.Text;
using UtfUnknown;

namespace NurtureEngine.Host.Imports;

/// <summary>How a file is written, and by what that was told.</summary>
internal sealed record FoundEncoding(Encoding Encoding, string Name, string Why);

/// <summary>
/// Finds out how a text file is written. A file of mostly Latin letters is never taken for an East Asian one; where several fit, nothing is
/// guessed.
/// </summary>
internal static class FileEncoding
{
    private const int Looked = 4 * 1024 * 1024;

    // Of a text in these scripts nearly all characters are among the frequent ones, which each standard keeps in a range of its own.
    private const double MostlyFrequent = 0.75;
    private const double ClearlyMore = 0.15;

    private static readonly (string Name, Func<byte, byte, bool> IsFrequent, Func<byte, bool> IsLead)[] EastAsian =
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

    private static readonly string[] EuropeanNames =
    [
        "windows-1252",
        "windows-1250",
        "windows-1251",
        "windows-1253",
        "windows-1254",
    ];

    static FileEncoding() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The names by which encodings are asked for; <c>auto</c> looks at the file.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "auto",
        "utf-8",
        "utf-16",
        "utf-16be",
        "utf-32",
        .. EastAsian.Select(one => one.Name),
        .. EuropeanNames,
        "macintosh",
    ];

    /// <summary>The encoding of that name, which refuses what is not written in it.</summary>
    public static Encoding Of(string name) =>
        name == "utf-8"
            ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)
            : Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    /// <summary>How a file is written; null, with the encodings that all fit, where that can't be told.</summary>
    public static FoundEncoding? Find(string path, string name, out IReadOnlyList<string> candidates)
    {
        candidates = [];
        if (name != "auto")
        {
            return new FoundEncoding(Of(name), name, "as asked for");
        }

        var bytes = Head(path);
        if (ByMark(bytes) is { } marked)
        {
            return new FoundEncoding(Of(marked), marked, "by the mark in front");
        }

        if (ByZeros(bytes) is { } wide)
        {
            return new FoundEncoding(Of(wide), wide, "by its zero bytes");
        }

        if (Decodes(path, Of("utf-8")))
        {
            return new FoundEncoding(Of("utf-8"), "utf-8", "all of it is");
        }

        if (IsNearlyUtf8(bytes))
        {
            // Read as such, so that the fault names the line: in another encoding every letter would be wrong but the one.
            return new FoundEncoding(Of("utf-8"), "utf-8", "nearly all of it is");
        }

        return IsMostlyLatin(bytes) ? European(bytes, out candidates) : NotLatin(path, bytes, out candidates);
    }

    private static byte[] Head(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[Math.Min(Looked, file.Length)];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The line, from 1, of the first bytes that are no UTF-8; null where the beginning of the file holds none.</summary>
    public static long? BrokenLine(string path)
    {
        var line = 1L;
        for (var rest = Head(path).AsSpan(); rest.Length > 0; )
        {
            if (Rune.DecodeFromUtf8(rest, out var rune, out var length) == System.Buffers.OperationStatus.InvalidData)
            {
                return line;
            }

            line += rune.Value == '\n' ? 1 : 0;
            rest = rest[length..];
        }

        return null;
    }

    // Whole letters of UTF-8 hardly ever come about by chance.
    private static bool IsNearlyUtf8(byte[] bytes)
    {
        var (whole, broken) = (0, 0);
        for (var rest = bytes.AsSpan(); rest.Length > 0; )
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var length);
            if (status == System.Buffers.OperationStatus.InvalidData)
            {
                broken++;
            }
            else if (status == System.Buffers.OperationStatus.Done && rune.Value >= 0x80)
            {
                whole++;
            }

            rest = rest[length..];
        }

        return whole > 0 && whole >= 2 * broken;
    }

    private static string? ByMark(byte[] bytes) =>
        bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => "utf-8",
            [0xFF, 0xFE, 0, 0, ..] => "utf-32",
            [0xFF, 0xFE, ..] => "utf-16",
            [0xFE, 0xFF, ..] => "utf-16be",
            [0x84, 0x31, 0x95, 0x33, ..] => "gb18030",
            _ => null,
        };

    // Of Latin letters in UTF-16 every other byte is zero; no text in another encoding holds any.
    private static string? ByZeros(byte[] bytes)
    {
        var head = bytes.AsSpan(..Math.Min(bytes.Length, 2_000));
        var (even, odd) = (0, 0);
        for (var i = 0; i < head.Length; i++)
        {
            (even, odd) =
                head[i] != 0 ? (even, odd)
                : i % 2 == 0 ? (even + 1, odd)
                : (even, odd + 1);
        }

        return even + odd <= head.Length / 5 ? null
            : even > odd ? "utf-16be"
            : "utf-16";
    }

    private static bool Decodes(string path, Encoding encoding)
    {
        try
        {
            using var reader = new StreamReader(path, encoding, detectEncodingFromByteOrderMarks: false);
            var block = new char[64 * 1024];
            while (reader.Read(block) > 0) { }
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    // In the words that hold one, letters beyond ASCII are the exception in Latin scripts, and the rule elsewhere.
    private static bool IsMostlyLatin(byte[] bytes)
    {
        var (high, plain) = (0, 0);
        var (wordHigh, wordPlain) = (0, 0);
        foreach (var b in bytes.Append((byte)' '))
        {
            if (b >= 0x80)
            {
                wordHigh++;
            }
            else if (char.IsAsciiLetter((char)b))
            {
                wordPlain++;
            }
            else
            {
                (high, plain) = wordHigh > 0 ? (high + wordHigh, plain + wordPlain) : (high, plain);
                (wordHigh, wordPlain) = (0, 0);
            }
        }

        return high < plain;
    }

    // Western, unless bytes say otherwise; where the same bytes are letters of two standards, nothing is guessed.
    private static FoundEncoding? European(byte[] bytes, out IReadOnlyList<string> candidates)
    {
        candidates = [];
        var letters = InWords(bytes).ToList();
        var (below, above) = (letters.Count(b => b < 0xA0), letters.Count(b => b >= 0xC0));
        if (below > above && letters.Count(b => b is 0x9C or 0x8C) < below)
        {
            candidates = ["macintosh", "windows-1252", "windows-1250"];
            return null;
        }

        if (letters.Exists(b => b is 0xF0 or 0xFE or 0xFD or 0xDD or 0xDE or 0xD0) && !letters.Exists(IsCentral))
        {
            candidates = ["windows-1254", "windows-1252", "windows-1250"];
            return null;
        }

        if (IsAllPairs(bytes) && FrequentOf(bytes, EastAsian[0].IsLead, EastAsian[0].IsFrequent) >= MostlyFrequent)
        {
            candidates = ["gb18030", "windows-1252"];
            return null;
        }

        if (MayBeHungarian(bytes))
        {
            candidates = ["windows-1250", "windows-1252"];
            return null;
        }

        var guess = CharsetDetector.DetectFromBytes(bytes).Detected;
        var isCentral =
            IsHungarian(bytes)
            || letters.Exists(IsCentral)
            || letters.Exists(b => b is 0x8A or 0x8E or 0x9A or 0x9E)
                && letters.Exists(b => b is 0xEC or 0xF8 or 0xF9 or 0xE8)
            || guess is { Confidence: > 0.8f, EncodingName: "windows-1250" or "iso-8859-2" };
        var name = isCentral ? "windows-1250" : "windows-1252";
        return new FoundEncoding(Of(name), name, "mostly Latin letters, and no UTF-8");
    }

    // ő and ű are where the Western standard has õ and û, which no other language writes beside á and ö.
    private static bool IsHungarian(byte[] bytes) =>
        HasLongUmlaut(bytes) && Array.Exists(bytes, b => b is 0xF6 or 0xFC or 0xD6 or 0xDC);

    // Portuguese has õ in front of e alone.
    private static bool MayBeHungarian(byte[] bytes) =>
        HasLongUmlaut(bytes)
        && !IsHungarian(bytes)
        && bytes.Zip(bytes.Skip(1)).Any(pair => pair is { First: 0xF5, Second: not (byte)'e' });

    private static bool HasLongUmlaut(byte[] bytes) =>
        Array.Exists(bytes, b => b is 0xF5 or 0xFB or 0xD5 or 0xDB)
        && Array.Exists(bytes, b => b is 0xE1 or 0xED or 0xF3 or 0xFA or 0xE9)
        && Array.TrueForAll(
            bytes,
            b =>
                b < 0x80
                || b is 0xC1 or 0xC9 or 0xCD or 0xD3 or 0xD5 or 0xD6 or 0xDA or 0xDB or 0xDC
                || b is 0xE1 or 0xE9 or 0xED or 0xF3 or 0xF5 or 0xF6 or 0xFA or 0xFB or 0xFC
        );

    // Letters of Polish or Slovak that are signs in the Western standard, which no word holds in its middle.
    private static bool IsCentral(byte b) =>
        b is 0xA3 or 0xA5 or 0xAF or 0xB3 or 0xB9 or 0xBC or 0xBE or 0xBF or 0x9F or 0x8F;

    // The bytes beyond ASCII that stand between two letters.
    private static IEnumerable<byte> InWords(byte[] bytes)
    {
        for (var i = 1; i + 1 < bytes.Length; i++)
        {
            if (bytes[i] >= 0x80 && IsLetter(bytes[i - 1]) && IsLetter(bytes[i + 1]))
            {
                yield return bytes[i];
            }
        }

        static bool IsLetter(byte b) => b >= 0xC0 || char.IsAsciiLetter((char)b);
    }

    private static bool IsAllPairs(byte[] bytes)
    {
        var run = 0;
        foreach (var b in bytes.Append((byte)' '))
        {
            if (b >= 0x80)
            {
                run++;
            }
            else if (run % 2 != 0)
            {
                return false;
            }
            else
            {
                run = 0;
            }
        }

        return true;
    }

    private static FoundEncoding? NotLatin(string path, byte[] bytes, out IReadOnlyList<string> candidates)
    {
        var fit = EastAsian
            .Select(one => (one.Name, Share: FrequentOf(bytes, one.IsLead, one.IsFrequent)))
            .Where(one => one.Share >= MostlyFrequent && Decodes(path, Of(one.Name)))
            .OrderByDescending(one => one.Share)
            .ToList();
        candidates = [];
        if (fit is [var only] || fit is [var first, var second, ..] && first.Share - second.Share >= ClearlyMore)
        {
            var found = fit[0].Name;
            return new FoundEncoding(Of(found), found, "by the characters that are frequent in it");
        }

        var guess = CharsetDetector.DetectFromBytes(bytes).Detected;
        if (
            guess is { Confidence: > 0.6f, EncodingName: { } name }
            && Known(name) is { } known
            && Decodes(path, Of(known))
        )
        {
            return new FoundEncoding(Of(known), known, "by the characters that are frequent in it");
        }

        candidates =
            fit.Count > 0 ? [.. fit.Select(one => one.Name)] : [.. Names.Skip(5).Where(one => Decodes(path, Of(one)))];
        return null;
    }

    private static string? Known(string name) =>
        name.ToLowerInvariant() switch
        {
            "gb2312" or "gbk" or "gb18030" or "hz-gb-2312" => "gb18030",
            "shift-jis" or "shift_jis" => "shift_jis",
            "uhc" or "cp949" or "ks_c_5601-1987" or "euc-kr" => "euc-kr",
            var other => Names.Contains(other) && other != "auto" ? other : null,
        };

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
