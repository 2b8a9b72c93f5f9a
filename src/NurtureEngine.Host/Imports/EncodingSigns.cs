using System.Text;

namespace NurtureEngine.Host.Imports;

/// <summary>What the bytes of a text tell of its encoding at first sight.</summary>
internal static class EncodingSigns
{
    /// <summary>Whether most of it is whole letters of UTF-8, which hardly ever come about by chance.</summary>
    public static bool IsNearlyUtf8(byte[] bytes)
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

    /// <summary>The encoding by the byte order mark in front; null where there is none.</summary>
    public static string? ByMark(byte[] bytes) =>
        bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => "utf-8",
            [0xFF, 0xFE, 0, 0, ..] => "utf-32",
            [0xFF, 0xFE, ..] => "utf-16",
            [0xFE, 0xFF, ..] => "utf-16be",
            [0x84, 0x31, 0x95, 0x33, ..] => "gb18030",
            _ => null,
        };

    /// <summary>UTF-16 by its zeros: of Latin letters every other byte is one, and no text in another encoding holds any. Null where it is none.</summary>
    public static string? ByZeros(byte[] bytes)
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

    /// <summary>Whether letters beyond ASCII are the exception in the words that hold one, as in Latin scripts.</summary>
    public static bool IsMostlyLatin(byte[] bytes)
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
}
