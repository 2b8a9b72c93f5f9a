using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace NurtureEngine.Scriban.Evaluation;

/// <summary>How values turn into text, truth and numbers.</summary>
internal static class Values
{
    private const int MaxShown = 1_000_000;

    /// <summary>What <c>empty</c> is: equal to whatever has nothing in it.</summary>
    public static ScriptObject Empty { get; } = new();

    private static readonly object True = true;
    private static readonly object False = false;

    public static bool IsEmpty(object? value) => value is "" or ScriptObject { Count: 0 } or ScriptArray { Count: 0 };

    /// <summary>Only null and false are false; an empty text and zero are true, as in Scriban.</summary>
    public static bool IsTrue(object? value) => value is not (null or Absent or false);

    /// <summary>A truth as a value, without making a new one each time.</summary>
    public static object Boxed(bool truth) => truth ? True : False;

    public static object? OrNull(object? value) => value is Absent ? null : value;

    public static bool IsNumber(object? value) => value is long or double or decimal;

    public static string Text(object? value, CultureInfo culture) =>
        value switch
        {
            null or Absent => "",
            string text => text,
            true => "true",
            false => "false",
            Markup markup => markup.Value,
            long number => number.ToString(culture),
            double number => number.ToString("R", culture) is var shown
            && shown.Contains('E', StringComparison.Ordinal)
            && Math.Abs(number) < 1e28
                ? ((decimal)number).ToString(culture)
                : number.ToString(culture),
            decimal number => number.ToString(culture),
            DateTimeOffset date => date.ToString("dd MMM yyyy", culture),
            TimeSpan span => span.ToString("c", culture),
            ScriptArray or ScriptRange => Listed(Items(value)!, culture),
            ScriptObject entity => ReferenceEquals(entity, Empty) ? "" : Shown(entity, culture),
            IModel => throw new ScriptFailure(
                "An object of the model can't be printed; print one of its fields.",
                at: 0
            ),
            _ => "",
        };

    /// <summary>What a <c>for</c> goes through: lists, ranges, the characters of a text, the members of an object; null for anything else.</summary>
    public static IEnumerable<object?>? Items(object? value) =>
        value switch
        {
            null or Absent => [],
            ScriptArray list => list,
            ScriptRange range => range.Items(),
            string text => text.Select(c => (object?)c.ToString()),
            ScriptObject entity => entity.Members.Select(member => (object?)Pair(member)),
            IEnumerable<object?> items => items,
            _ => null,
        };

    private static ScriptObject Pair(KeyValuePair<string, object?> member)
    {
        var pair = new ScriptObject();
        pair.Set("key", member.Key);
        pair.Set("value", member.Value);
        return pair;
    }

    private static string Listed(IEnumerable<object?> items, CultureInfo culture)
    {
        var shown = new StringBuilder("[");
        foreach (var (index, item) in items.Index())
        {
            Append(shown.Append(index == 0 ? "" : ", "), Quoted(item, culture));
        }

        return shown.Append(']').ToString();
    }

    private static string Shown(ScriptObject entity, CultureInfo culture)
    {
        var shown = new StringBuilder("{");
        foreach (var (index, member) in entity.Members.Index())
        {
            Append(shown.Append(index == 0 ? "" : ", ").Append(member.Key).Append(": "), Quoted(member.Value, culture));
        }

        return shown.Append('}').ToString();
    }

    private static void Append(StringBuilder shown, string text)
    {
        if (shown.Append(text).Length > MaxShown)
        {
            throw new ScriptFailure($"A list or object is longer than {MaxShown} characters when printed.", at: 0)
            {
                IsBound = true,
            };
        }
    }

    // Within lists and objects texts are shown in quotes, so that one can tell where each ends. One that holds itself would
    // have no end.
    private static string Quoted(object? value, CultureInfo culture)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return value switch
        {
            null or Absent => "null",
            string text =>
                $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
            _ => Text(value, culture),
        };
    }
}
