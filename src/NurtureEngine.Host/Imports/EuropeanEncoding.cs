using UtfUnknown;

namespace NurtureEngine.Host.Imports;

/// <summary>Finds out in which European encoding a text of mostly Latin letters is written.</summary>
internal static class EuropeanEncoding
{
    /// <summary>Western, unless bytes say otherwise; null, with those that fit, where the same bytes are letters of two standards.</summary>
    public static FoundEncoding? Find(byte[] bytes, out IReadOnlyList<string> candidates)
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

        if (IsAllPairs(bytes) && EastAsianEncoding.MayBeChinese(bytes))
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
        return new FoundEncoding(FileEncoding.Of(name), name, "mostly Latin letters, and no UTF-8");
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
}
