using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using NurtureEngine.Scriban.Evaluation.Objects;

namespace NurtureEngine.Scriban.Evaluation;

/// <summary>Scriban's arithmetic and comparison. A value that is absent makes the result absent, so that it can't hide in a sum.</summary>
internal static class Operators
{
    private const int MaxRepeated = 100_000;

    public static object? Apply(string symbol, object? left, object? right, Renderer renderer, int at)
    {
        renderer.Budget.Step(at);
        return symbol switch
        {
            "==" => Values.Boxed(AreEqual(left, right, renderer, at)),
            "!=" => Values.Boxed(!AreEqual(left, right, renderer, at)),
            "<" => Values.Boxed(Compare(left, right, renderer, at) is < 0),
            "<=" => Values.Boxed(Compare(left, right, renderer, at) is <= 0),
            ">" => Values.Boxed(Compare(left, right, renderer, at) is > 0),
            ">=" => Values.Boxed(Compare(left, right, renderer, at) is >= 0),
            ".." or "..<" => Range(symbol, left, right, at),
            _ => left as Absent ?? right as Absent ?? Compute(symbol, left, right, renderer, at),
        };
    }

    public static bool AreEqual(object? left, object? right, Renderer renderer, int at)
    {
        // Lists may hold themselves: each comparison is a step, and none goes deeper than the stack.
        renderer.Budget.Step(at);
        RuntimeHelpers.EnsureSufficientExecutionStack();
        (left, right) = (Values.OrNull(left), Values.OrNull(right));
        if (ReferenceEquals(left, Values.Empty) || ReferenceEquals(right, Values.Empty))
        {
            return Values.IsEmpty(left) && Values.IsEmpty(right);
        }

        if (left is null || right is null)
        {
            return left is null && right is null;
        }

        if (left is Markup || right is Markup)
        {
            return Values.Text(left, renderer.Culture) == Values.Text(right, renderer.Culture);
        }

        if (Values.IsNumber(left) && Values.IsNumber(right))
        {
            return CompareNumbers(left, right) == 0;
        }

        if (left is string || right is string)
        {
            return Values.Text(left, renderer.Culture) == Values.Text(right, renderer.Culture);
        }

        if (
            Values.Items(left) is { } one
            && Values.Items(right) is { } other
            && left is not ScriptObject
            && right is not ScriptObject
        )
        {
            return one.SequenceEqual(other, new Equality(renderer, at));
        }

        return left is ScriptObject { Count: 0 } && right is ScriptObject { Count: 0 }
            ? ReferenceEquals(left, right)
            : left.Equals(right);
    }

    /// <summary>Less than zero where left comes first; null where the two have no order.</summary>
    public static int? Compare(object? left, object? right, Renderer renderer, int at)
    {
        (left, right) = (Values.OrNull(left), Values.OrNull(right));
        return (left, right) switch
        {
            (null, _) or (_, null) => null,
            _ when Values.IsNumber(left) && Values.IsNumber(right) => CompareNumbers(left, right),
            (DateTimeOffset one, DateTimeOffset other) => one.CompareTo(other),
            (TimeSpan one, TimeSpan other) => one.CompareTo(other),
            (bool one, bool other) => one.CompareTo(other),
            _ when left is string or Markup || right is string or Markup => renderer.Culture.CompareInfo.Compare(
                renderer.Budget.Charged(Values.Text(left, renderer.Culture), at),
                renderer.Budget.Charged(Values.Text(right, renderer.Culture), at)
            ),
            _ => throw new ScriptFailure("These values can't be compared.", at),
        };
    }

    private static int CompareNumbers(object left, object right) =>
        left is long one && right is long other ? one.CompareTo(other)
        : left is decimal || right is decimal ? ToDecimal(left).CompareTo(ToDecimal(right))
        : ToDouble(left).CompareTo(ToDouble(right));

    private static ScriptRange Range(string symbol, object? left, object? right, int at) =>
        left is long from && right is long to
            ? Bounded(symbol == ".." ? ScriptRange.To(from, to) : ScriptRange.Before(from, to), at)
            : throw new ScriptFailure($"A range '{symbol}' needs whole numbers on both sides.", at);

    private static ScriptRange Bounded(ScriptRange range, int at) =>
        range.Count <= MaxRepeated
            ? range
            : throw new ScriptFailure($"The range has more than {MaxRepeated} numbers.", at) { IsBound = true };

    private static object? Compute(string symbol, object? left, object? right, Renderer renderer, int at)
    {
        if (symbol == "*" && (left is string && right is long || left is long && right is string))
        {
            return renderer.Budget.Charged(
                Repeated(
                    Values.Text(left is string ? left : right, renderer.Culture),
                    (long)(left is long ? left : right!),
                    at
                ),
                at
            );
        }

        if (left is string or Markup || right is string or Markup)
        {
            return symbol == "+"
                ? Joined(left, right, renderer, at)
                : throw new ScriptFailure($"'{symbol}' is no operation on texts.", at);
        }

        if (left is null || right is null)
        {
            return null;
        }

        return (left, right) switch
        {
            _ when Values.IsNumber(left) && Values.IsNumber(right) => Arithmetic(symbol, left, right, at),
            (DateTimeOffset one, DateTimeOffset other) when symbol == "-" => one - other,
            (DateTimeOffset date, TimeSpan span) when symbol is "+" or "-" => symbol == "+" ? date + span : date - span,
            (TimeSpan one, TimeSpan other) when symbol is "+" or "-" => symbol == "+" ? one + other : one - other,
            (ScriptArray one, ScriptArray other) when symbol == "+" => new ScriptArray(
                renderer.Budget.Counted(one.Concat(other), at)
            ),
            _ => throw new ScriptFailure($"'{symbol}' is no operation on these values.", at),
        };
    }

    /// <summary>Two values as one text; where one of them is markup the other is escaped, and the whole is markup.</summary>
    public static object Joined(object? left, object? right, Renderer renderer, int at)
    {
        if (left is not Markup && right is not Markup)
        {
            return renderer.Budget.Charged(
                Values.Text(left, renderer.Culture) + Values.Text(right, renderer.Culture),
                at
            );
        }

        return new Markup(renderer.Budget.Charged(Encoded(left) + Encoded(right), at));

        string Encoded(object? value) =>
            value is Markup markup ? markup.Value : WebUtility.HtmlEncode(Values.Text(value, renderer.Culture));
    }

    private static string Repeated(string text, long times, int at) =>
        times <= 0 ? ""
        : text.Length * (double)times > MaxRepeated
            ? throw new ScriptFailure($"The text would be longer than {MaxRepeated} characters.", at) { IsBound = true }
        : string.Concat(Enumerable.Repeat(text, (int)times));

    private static object Arithmetic(string symbol, object left, object right, int at)
    {
        try
        {
            return left is long one && right is long other ? OnIntegers(symbol, one, other, at)
                : left is decimal || right is decimal ? OnDecimals(symbol, ToDecimal(left), ToDecimal(right), at)
                : OnDoubles(symbol, ToDouble(left), ToDouble(right));
        }
        catch (OverflowException)
        {
            throw new ScriptFailure($"The result of '{symbol}' is too large.", at);
        }
    }

    private static object OnIntegers(string symbol, long left, long right, int at) =>
        symbol switch
        {
            "+" => checked(left + right),
            "-" => checked(left - right),
            "*" => checked(left * right),
            "/" => Divided(left, right),
            "//" or "%" when right == 0 => throw new ScriptFailure($"'{symbol}' by zero.", at),
            "//" => checked(left / right),
            _ => right == -1 ? 0L : left % right,
        };

    // A quotient that is whole stays a whole number, so that it prints and indexes as one.
    private static object Divided(long left, long right) =>
        right != 0 && right != -1 && left % right == 0 ? left / right : (double)left / right;

    private static object OnDecimals(string symbol, decimal left, decimal right, int at) =>
        symbol switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            _ when right == 0 => throw new ScriptFailure($"'{symbol}' by zero.", at),
            "/" => left / right,
            "//" => decimal.Round(left / right, 0, MidpointRounding.ToEven),
            _ => left % right,
        };

    private static object OnDoubles(string symbol, double left, double right) =>
        symbol switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => left / right,
            "//" => Math.Round(left / right),
            _ => left % right,
        };

    public static double ToDouble(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static decimal ToDecimal(object value) => Convert.ToDecimal(value, CultureInfo.InvariantCulture);

    private sealed class Equality(Renderer renderer, int at) : IEqualityComparer<object?>
    {
        public new bool Equals(object? x, object? y) => AreEqual(x, y, renderer, at);

        public int GetHashCode(object? obj) => 0;
    }
}
