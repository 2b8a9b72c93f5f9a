using System.Globalization;
using NurtureEngine.Scriban.Evaluation;
using NurtureEngine.Scriban.Evaluation.Objects;
using static NurtureEngine.Scriban.Functions.Builtin;

namespace NurtureEngine.Scriban.Functions;

/// <summary><c>string.*</c>: looking into texts and changing them.</summary>
internal static class StringFunctions
{
    private const int MaxWidth = 10_000;
    private const int MaxReplaced = 1_000_000;

    public static Builtin[] All { get; } =
    [
        Of("string.append text with", call => call.Text(0) + call.Text(1)),
        Of("string.prepend text by", call => call.Text(1) + call.Text(0)),
        Of("string.capitalize text", call => Capitalized(call.Text(0), call.Culture)),
        Of(
            "string.capitalizewords text",
            call => string.Join(' ', call.Text(0).Split(' ').Select(word => Capitalized(word, call.Culture)))
        ),
        Of("string.downcase text", call => call.Text(0).ToLower(call.Culture)),
        Of("string.upcase text", call => call.Text(0).ToUpper(call.Culture)),
        Of("string.contains text value", call => call.Text(0).Contains(call.Text(1), StringComparison.Ordinal)),
        Of("string.starts_with text value", call => call.Text(0).StartsWith(call.Text(1), StringComparison.Ordinal)),
        Of("string.ends_with text value", call => call.Text(0).EndsWith(call.Text(1), StringComparison.Ordinal)),
        Of(
            "string.equals_ignore_case text value",
            call => string.Equals(call.Text(0), call.Text(1), StringComparison.OrdinalIgnoreCase)
        ),
        Of("string.empty text", call => call.Text(0).Length == 0, takesAbsent: true),
        Of("string.whitespace text", call => string.IsNullOrWhiteSpace(call.Text(0)), takesAbsent: true),
        Of("string.size text", call => (long)call.Text(0).Length, takesAbsent: true),
        Of("string.index_of text search [start_index] [count]", IndexOf),
        Of("string.strip text", call => call.Text(0).Trim()),
        Of("string.lstrip text", call => call.Text(0).TrimStart()),
        Of("string.rstrip text", call => call.Text(0).TrimEnd()),
        Of(
            "string.strip_newlines text",
            call => call.Text(0).Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)
        ),
        Of("string.remove text remove", call => Replaced(call, "")),
        Of("string.remove_first text remove", call => ReplacedOne(call.Text(0), call.Text(1), "", fromEnd: false)),
        Of("string.remove_last text remove", call => ReplacedOne(call.Text(0), call.Text(1), "", fromEnd: true)),
        Of("string.replace text match replace", call => Replaced(call, call.Text(2))),
        Of(
            "string.replace_first text match replace [from_end]",
            call => ReplacedOne(call.Text(0), call.Text(1), call.Text(2), Values.IsTrue(call.Value(3)))
        ),
        Of(
            "string.slice text start [length]",
            call => Sliced(call.Text(0), call.Integer(1), call.Has(2) ? call.Integer(2) : null)
        ),
        Of("string.slice1 text start [length]", call => Sliced(call.Text(0), call.Integer(1), call.Integer(2, 1))),
        Of("string.split text match", Split),
        Of(
            "string.truncate text length [ellipsis]",
            call => Truncated(call.Text(0), call.Integer(1), call.Text(2, "..."))
        ),
        Of(
            "string.truncatewords text count [ellipsis]",
            call => TruncatedWords(call.Text(0), call.Integer(1), call.Text(2, "..."))
        ),
        Of("string.pad_left text width", call => call.Text(0).PadLeft(Width(call))),
        Of("string.pad_right text width", call => call.Text(0).PadRight(Width(call))),
        Of(
            "string.pluralize number singular plural",
            call => call.Text(Operators.AreEqual(call.Value(0), 1L, call.Renderer, call.At) ? 1 : 2)
        ),
    ];

    private static int Width(Invocation call) =>
        call.Integer(1) is var width && width <= MaxWidth
            ? Math.Max(width, 0)
            : throw call.Exceeded($"The text would be longer than {MaxWidth} characters.");

    private static string Capitalized(string text, CultureInfo culture) =>
        text.Length == 0 ? text : char.ToUpper(text[0], culture) + text[1..];

    private static string Replaced(Invocation call, string replacement)
    {
        var (text, match) = (call.Text(0), call.Text(1));
        if (match.Length == 0)
        {
            return text;
        }

        // Known before it is made: a letter replaced by a page may be more than there is memory.
        var times = text.AsSpan().Count(match);
        return text.Length + ((long)times * (replacement.Length - match.Length)) <= MaxReplaced
            ? text.Replace(match, replacement, StringComparison.Ordinal)
            : throw call.Exceeded($"The text would be longer than {MaxReplaced} characters.");
    }

    private static string ReplacedOne(string text, string match, string replacement, bool fromEnd)
    {
        var at =
            match.Length == 0 ? -1
            : fromEnd ? text.LastIndexOf(match, StringComparison.Ordinal)
            : text.IndexOf(match, StringComparison.Ordinal);
        return at < 0 ? text : string.Concat(text.AsSpan(0, at), replacement, text.AsSpan(at + match.Length));
    }

    private static object? IndexOf(Invocation call)
    {
        var text = call.Text(0);
        var start = Math.Clamp(call.Integer(2, 0), 0, text.Length);
        var count = Math.Clamp(call.Integer(3, text.Length - start), 0, text.Length - start);
        return (long)text.IndexOf(call.Text(1), start, count, StringComparison.Ordinal);
    }

    // A negative start counts from the end; what it counts beyond the beginning is lost from the length.
    private static string Sliced(string text, int start, int? length)
    {
        var from = start < 0 ? (long)text.Length + start : start;
        var until = Math.Min(from + (length ?? text.Length), text.Length);
        from = Math.Max(from, 0);
        return from < until ? text[(int)from..(int)until] : "";
    }

    private static ScriptArray Split(Invocation call)
    {
        var parts = call.Text(0).Split(call.Text(1), StringSplitOptions.RemoveEmptyEntries);
        return new ScriptArray(parts);
    }

    private static string Truncated(string text, int length, string ellipsis) =>
        text.Length <= length
            ? text
            : string.Concat(text.AsSpan(0, Math.Clamp(length - ellipsis.Length, 0, text.Length)), ellipsis);

    private static string TruncatedWords(string text, int count, string ellipsis)
    {
        var words = text.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', words.Take(Math.Max(0, count))) + (words.Length > count ? ellipsis : "");
    }
}
