using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using NurtureEngine.Scriban.Evaluation.Objects;

namespace NurtureEngine.Scriban.Evaluation;

/// <summary>How values turn into text, truth and numbers.</summary>
internal static class Values
{
    private const int MaxShown = 1_000_000;

    /// <summary>What <c>empty</c> is: equal to whatever has nothing in it.</summary>
    public static ScriptObject Empty { get; } = new(isFixed: true);

    private static readonly object True = true;
    private static readonly object False = false;

    public static bool IsEmpty(object? value) =>
        value is "" or Markup { Value: "" } or ScriptObject { Count: 0 } or ScriptArray { Count: 0 };

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
            ScriptObject { IsFixed: true } => "",
            ScriptArray or ScriptRange or ScriptObject => Nested(value, culture),
            IModel => throw new ScriptFailure(
                "An object of the model can't be printed; print one of its fields.",
                at: 0
            ),
            FunctionValue => "",
            _ => throw new InvalidOperationException(
                $"A model holds a {value.GetType().Name}, which no template can read."
            ),
        };

    /// <summary>A capture is a text to who asks for its size or its letters.</summary>
    public static object? Unwrapped(object? value) => value is Markup markup ? markup.Value : value;

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

    // Lists and objects may hold others: all are written into one text, so that depth costs no copies.
    private static string Nested(object value, CultureInfo culture)
    {
        var shown = new StringBuilder();
        Append(shown, value, culture);
        return shown.ToString();
    }

    // Within lists and objects texts are shown in quotes, so that one can tell where each ends. One that holds itself would
    // have no end.
    private static void Append(StringBuilder shown, object? value, CultureInfo culture)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (shown.Length > MaxShown)
        {
            throw new ScriptFailure($"A list or object is longer than {MaxShown} characters when printed.", at: 0)
            {
                IsBound = true,
            };
        }

        switch (value)
        {
            case Absent absent:
                throw ScriptFailure.NoValue(absent);
            case string text:
                shown.Append('"');
                shown.Append(
                    text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
                );
                shown.Append('"');
                break;
            case ScriptArray or ScriptRange:
                var before = "[";
                foreach (var item in Items(value)!)
                {
                    Append(shown.Append(before), item, culture);
                    before = ", ";
                }

                shown.Append(before == "[" ? "[]" : "]");
                break;
            case ScriptObject entity:
                var separator = "{";
                foreach (var (name, member) in entity.Members)
                {
                    Append(shown.Append(separator).Append(name).Append(": "), member, culture);
                    separator = ", ";
                }

                shown.Append(separator == "{" ? "{}" : "}");
                break;
            default:
                shown.Append(value is null ? "null" : Text(value, culture));
                break;
        }
    }
}
