using System.Text.RegularExpressions;
using NurtureEngine.Scriban.Evaluation.Objects;

namespace NurtureEngine.Scriban.Evaluation;

/// <summary>Ends a rendering; caught once, where it began. The message names fields and functions and never quotes a value.</summary>
internal sealed class ScriptFailure(string message, int at) : Exception(message)
{
    public int At => at;

    /// <summary>Something without a value was to be printed.</summary>
    public static ScriptFailure NoValue(Absent absent) =>
        new($"'{absent.Field}' has no value; write {absent.Field} ?? \"a default\".", absent.At) { Missing = absent };

    /// <summary>The field that had no value, where that is the cause.</summary>
    public Absent? Missing { get; init; }

    /// <summary>Whether a bound was passed, rather than a mistake made.</summary>
    public bool IsBound { get; init; }

    /// <summary>
    /// What a template did when the base library refused a value of it: too large a number, a date beyond the calendar. Null for
    /// what no template can cause.
    /// </summary>
    public static ScriptFailure? From(Exception exception) =>
        exception switch
        {
            ScriptFailure failure => failure,
            // A sort wraps what its comparison throws.
            InvalidOperationException { InnerException: { } inner } => From(inner),
            InsufficientExecutionStackException => new ScriptFailure(
                "A value is nested too deep; does it hold itself?",
                0
            )
            {
                IsBound = true,
            },
            RegexMatchTimeoutException => new ScriptFailure("A pattern searched for too long.", 0) { IsBound = true },
            OutOfMemoryException => new ScriptFailure("The template takes too much memory.", 0) { IsBound = true },
            OverflowException or ArgumentException => new ScriptFailure("A number or a date is out of range.", 0),
            _ => null,
        };
}
