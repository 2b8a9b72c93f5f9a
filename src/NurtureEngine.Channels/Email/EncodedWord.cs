using System.Text;

namespace NurtureEngine.Channels.Email;

/// <summary>Header texts for people: ASCII as it is, folded between words; anything else as RFC 2047 encoded words, folded.</summary>
internal static class EncodedWord
{
    private const int MaxWord = 75;
    private const int GoodLine = 76;
    private const string Begin = "=?UTF-8?B?";
    private const string End = "?=";

    /// <summary>The text as it may stand in a header, whose line has so many characters already; control characters are dropped.</summary>
    public static string Encode(string text, int used)
    {
        var clean = Clean(text);
        var words = clean.Split(' ');
        var isPlain =
            Ascii.IsValid(clean)
            && !clean.Contains("=?", StringComparison.Ordinal)
            // A reader drops blanks at the ends, and a line can be folded only between words.
            && clean == clean.Trim()
            && words.All(word => word.Length < GoodLine - 20);
        return isPlain ? Folded(words, used) : Words(clean, used);
    }

    /// <summary>The name before an address: between quotes, or encoded.</summary>
    public static string Phrase(string name, int used)
    {
        var clean = Clean(name);
        if (!Ascii.IsValid(clean) || clean.Contains("=?", StringComparison.Ordinal))
        {
            return Words(clean, used);
        }

        var escaped = clean
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        return Folded($"\"{escaped}\"".Split(' '), used);
    }

    private static string Clean(string text) => new([.. text.Where(c => !char.IsControl(c))]);

    private static string Folded(string[] words, int used)
    {
        var text = new StringBuilder();
        foreach (var (index, word) in words.Index())
        {
            // An empty word is one of several blanks, which a fold would lose.
            var folds = index > 0 && word.Length > 0 && used + 1 + word.Length > GoodLine;
            text.Append(
                    index == 0 ? ""
                    : folds ? "\r\n "
                    : " "
                )
                .Append(word);
            used = folds ? word.Length + 1 : used + word.Length + (index == 0 ? 0 : 1);
        }

        return text.ToString();
    }

    private static string Words(string clean, int used)
    {
        var words = new List<string>();
        var chunk = new List<byte>();
        var most = MaxBytes(used);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in clean.EnumerateRunes())
        {
            // A character must not be torn between two words.
            var length = rune.EncodeToUtf8(bytes);
            if (chunk.Count + length > most)
            {
                words.Add(Word(chunk));
                chunk.Clear();
                most = MaxBytes(1);
            }

            chunk.AddRange(bytes[..length]);
        }

        words.Add(Word(chunk));
        return string.Join("\r\n ", words);
    }

    // Four characters of base64 hold three bytes; of the first line the header's name has taken some.
    private static int MaxBytes(int used) =>
        Math.Max(3, (Math.Min(MaxWord, GoodLine - used) - Begin.Length - End.Length) / 4 * 3);

    private static string Word(List<byte> bytes) => $"{Begin}{Convert.ToBase64String([.. bytes])}{End}";
}
