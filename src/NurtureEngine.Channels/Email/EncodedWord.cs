namespace NurtureEngine.Channels.Email;

/// <summary>Header texts beyond ASCII, as RFC 2047 encoded words of at most 75 characters, folded.</summary>
internal static class EncodedWord
{
    // 75 less "=?UTF-8?B?" and "?=" leaves 63 characters of base64, so 45 bytes.
    private const int MaxBytes = 45;

    /// <summary>The text as it may stand in a header; control characters are dropped.</summary>
    public static string Encode(string text)
    {
        var clean = new string([.. text.Where(c => !char.IsControl(c))]);
        if (clean.Length <= 200 && clean.All(char.IsAscii) && !clean.Contains("=?", StringComparison.Ordinal))
        {
            return clean;
        }

        var words = new List<string>();
        var chunk = new List<byte>();
        foreach (var rune in clean.EnumerateRunes())
        {
            // A character must not be torn between two words.
            if (chunk.Count + rune.Utf8SequenceLength > MaxBytes)
            {
                words.Add(Word(chunk));
                chunk.Clear();
            }

            var bytes = new byte[rune.Utf8SequenceLength];
            rune.EncodeToUtf8(bytes);
            chunk.AddRange(bytes);
        }

        words.Add(Word(chunk));
        return string.Join("\r\n ", words);
    }

    /// <summary>A name and address as a mailbox (RFC 5322, section 3.4).</summary>
    public static string Mailbox(string name, string address)
    {
        if (name.Length == 0)
        {
            return address;
        }

        var isAscii = name.All(char.IsAscii);
        var shown = isAscii ? $"\"{Clean(name)}\"" : Encode(name);
        return $"{shown} <{address}>";
    }

    private static string Clean(string name) =>
        new string([.. name.Where(c => !char.IsControl(c))])
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string Word(List<byte> bytes) => $"=?UTF-8?B?{Convert.ToBase64String(bytes.ToArray())}?=";
}
