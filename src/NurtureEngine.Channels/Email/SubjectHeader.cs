using System.Text;
using MimeKit;

namespace NurtureEngine.Channels.Email;

/// <summary>
/// The subject as a header that is read as it was written. MimeKit's own loses blanks at the ends, takes a literal <c>=?…?=</c> for an encoded word,
/// and writes lines that are longer than the 76 characters which RFC 2047 allows.
/// </summary>
internal static class SubjectHeader
{
    // RFC 2047 allows 75 characters a word, 12 of which are its frame; four characters of base64 hold three bytes.
    private const int MostBytes = 45;
    private const int FirstBytes = 36;
    private const int LongestWord = 60;

    public static Header Of(string subject)
    {
        var clean = Clean(subject);
        var header = new Header(HeaderId.Subject, clean);
        if (!IsPlain(clean))
        {
            header.SetRawValue(Encoding.ASCII.GetBytes($" {string.Join("\r\n ", Words(clean))}\r\n"));
        }

        return header;
    }

    /// <summary>A text without control characters, which no header may hold.</summary>
    public static string Clean(string text) => new([.. text.Where(c => !char.IsControl(c))]);

    // ASCII that folds between words, with nothing that a fold would lose or a reader take for something else.
    private static bool IsPlain(string text) =>
        Ascii.IsValid(text)
        && text == text.Trim()
        && !text.Contains("=?", StringComparison.Ordinal)
        && !text.Contains("  ", StringComparison.Ordinal)
        && text.Split(' ').All(word => word.Length < LongestWord);

    // A character must not be torn between two words.
    private static IEnumerable<string> Words(string text)
    {
        var chunk = new List<byte>();
        var most = FirstBytes;
        foreach (var rune in text.EnumerateRunes())
        {
            var bytes = Encoding.UTF8.GetBytes(rune.ToString());
            if (chunk.Count + bytes.Length > most)
            {
                yield return Word(chunk);
                chunk.Clear();
                most = MostBytes;
            }

            chunk.AddRange(bytes);
        }

        yield return Word(chunk);
    }

    private static string Word(List<byte> bytes) => $"=?UTF-8?B?{Convert.ToBase64String([.. bytes])}?=";
}
