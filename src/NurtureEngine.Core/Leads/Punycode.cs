using System.Text;

namespace NurtureEngine.Core.Leads;

/// <summary>Punycode (RFC 3492): any label in letters, digits and hyphens. The names are those of the RFC.</summary>
internal static class Punycode
{
    private const int Base = 36;
    private const int TMin = 1;
    private const int TMax = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialN = 128;

    // No label is longer, and with it no number below overflows.
    private const int Longest = 256;

    /// <summary>RFC 3492, section 6.3.</summary>
    public static string Encode(string label)
    {
        var runes = label.EnumerateRunes().Take(Longest).Select(rune => rune.Value).ToList();
        var output = new StringBuilder(string.Concat(runes.Where(c => c < InitialN).Select(c => (char)c)));
        var (n, delta, bias, basic) = (InitialN, 0L, InitialBias, output.Length);
        if (basic > 0)
        {
            output.Append('-');
        }

        for (var handled = basic; handled < runes.Count; )
        {
            var next = runes.Where(c => c >= n).Min();
            delta += (long)(next - n) * (handled + 1);
            n = next;
            foreach (var c in runes)
            {
                if (c < n)
                {
                    delta++;
                }
                else if (c == n)
                {
                    AppendInteger(output, delta, bias);
                    bias = Adapt(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }

            delta++;
            n++;
        }

        return output.ToString();
    }

    /// <summary>RFC 3492, section 6.2; null where the text is none.</summary>
    public static string? Decode(string text)
    {
        var end = text.LastIndexOf('-');
        var output = text[..Math.Max(end, 0)].Select(c => (int)c).ToList();
        var (n, i, bias) = ((long)InitialN, 0L, InitialBias);
        for (var at = end + 1; at < text.Length; )
        {
            var (old, weight) = (i, 1L);
            for (var k = Base; ; k += Base)
            {
                if (at == text.Length || DigitOf(text[at++]) is not (>= 0 and var digit))
                {
                    return null;
                }

                i += digit * weight;
                var t = Threshold(k, bias);
                if (i > int.MaxValue)
                {
                    return null;
                }

                if (digit < t)
                {
                    break;
                }

                weight *= Base - t;
                if (weight > int.MaxValue)
                {
                    return null;
                }
            }

            bias = Adapt(i - old, output.Count + 1, old == 0);
            n += i / (output.Count + 1);
            i %= output.Count + 1;
            if (!Rune.IsValid((int)Math.Min(n, int.MaxValue)) || output.Count == Longest)
            {
                return null;
            }

            output.Insert((int)i++, (int)n);
        }

        return string.Concat(output.Select(c => new Rune(c).ToString()));
    }

    private static void AppendInteger(StringBuilder output, long delta, int bias)
    {
        var q = delta;
        for (var k = Base; ; k += Base)
        {
            var t = Threshold(k, bias);
            if (q < t)
            {
                output.Append(CharOf((int)q));
                return;
            }

            output.Append(CharOf((int)(t + (q - t) % (Base - t))));
            q = (q - t) / (Base - t);
        }
    }

    private static int Threshold(int k, int bias) => Math.Clamp(k - bias, TMin, TMax);

    private static int Adapt(long delta, int points, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / points;
        var k = 0;
        while (delta > (Base - TMin) * TMax / 2)
        {
            delta /= Base - TMin;
            k += Base;
        }

        return (int)(k + (Base - TMin + 1) * delta / (delta + Skew));
    }

    private static char CharOf(int digit) => (char)(digit < 26 ? 'a' + digit : '0' + digit - 26);

    private static int DigitOf(char c) =>
        c is >= 'a' and <= 'z' ? c - 'a'
        : char.IsAsciiDigit(c) ? c - '0' + 26
        : -1;
}
