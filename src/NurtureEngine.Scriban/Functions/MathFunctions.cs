using NurtureEngine.Scriban.Evaluation;
using static NurtureEngine.Scriban.Functions.Builtin;

namespace NurtureEngine.Scriban.Functions;

/// <summary><c>math.*</c>. Chance is left out: the same lead gets the same message at every attempt.</summary>
internal static class MathFunctions
{
    public static Builtin[] All { get; } =
    [
        Of(
            "math.abs value",
            call =>
                call.Number(0) switch
                {
                    long number => number == long.MinValue
                        ? throw call.Failure("The number is too large.")
                        : Math.Abs(number),
                    decimal number => Math.Abs(number),
                    var number => Math.Abs((double)number),
                }
        ),
        Of("math.ceil value", call => Rounded(call, Math.Ceiling, Math.Ceiling)),
        Of("math.floor value", call => Rounded(call, Math.Floor, Math.Floor)),
        Of("math.round value [precision]", Round),
        Of("math.plus value with", call => Operate(call, "+")),
        Of("math.minus value with", call => Operate(call, "-")),
        Of("math.times value with", call => Operate(call, "*")),
        Of("math.modulo value with", call => Operate(call, "%")),
        Of("math.divided_by value divisor", DividedBy),
        Of("math.is_number value", call => Values.IsNumber(call.Value(0)), takesAbsent: true),
        Of("math.format value format [culture]", call => Formatting.Format(call, call.Number(0))),
    ];

    // Nothing can be reckoned with null, and nothing is the result.
    private static object? Operate(Invocation call, string symbol) =>
        call.Has(0) && call.Has(1)
            ? Operators.Apply(symbol, call.Number(0), call.Number(1), call.Renderer, call.At)
            : null;

    private static object Rounded(Invocation call, Func<double, double> onDouble, Func<decimal, decimal> onDecimal) =>
        call.Number(0) switch
        {
            long number => number,
            decimal number => onDecimal(number),
            var number => onDouble((double)number),
        };

    private static object Round(Invocation call)
    {
        var precision = Math.Clamp(call.Integer(1, 0), 0, 15);
        return call.Number(0) switch
        {
            long number => number,
            decimal number => decimal.Round(number, precision),
            var number => Math.Round((double)number, precision),
        };
    }

    // A whole divisor gives a whole quotient.
    private static object? DividedBy(Invocation call)
    {
        if (!call.Has(0) || !call.Has(1))
        {
            return null;
        }

        var quotient = Operators.Apply("/", Operators.ToDouble(call.Number(0)), call.Number(1), call.Renderer, call.At);
        return call.Number(1) is long && quotient is double number && double.IsFinite(number)
            ? (long)Math.Floor(number)
            : quotient;
    }
}
