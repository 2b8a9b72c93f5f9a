using System.Text;

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
        .. EastAsianEncoding.All.Select(one => one.Name),
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
        if (EncodingSigns.ByMark(bytes) is { } marked)
        {
            return new FoundEncoding(Of(marked), marked, "by the mark in front");
        }

        if (EncodingSigns.ByZeros(bytes) is { } wide)
        {
            return new FoundEncoding(Of(wide), wide, "by its zero bytes");
        }

        if (Decodes(path, Of("utf-8")))
        {
            return new FoundEncoding(Of("utf-8"), "utf-8", "all of it is");
        }

        if (EncodingSigns.IsNearlyUtf8(bytes))
        {
            // Read as such, so that the fault names the line: in another encoding every letter would be wrong but the one.
            return new FoundEncoding(Of("utf-8"), "utf-8", "nearly all of it is");
        }

        return EncodingSigns.IsMostlyLatin(bytes)
            ? EuropeanEncoding.Find(bytes, out candidates)
            : EastAsianEncoding.Find(path, bytes, out candidates);
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

    /// <summary>Whether all of a file is written in an encoding.</summary>
    public static bool Decodes(string path, Encoding encoding)
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
}
