using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using NurtureEngine.Scriban.Functions;
using NurtureEngine.Scriban.Parsing;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Evaluation;

/// <summary>Renders one template once.</summary>
internal sealed class Evaluator(SourceText source, IModel model, OutputKind kind, CultureInfo culture)
{
    // Mailbox providers clip far smaller messages; beyond this it is a mistake, not a mail.
    private const int MaxCharacters = 1_000_000;

    public RenderResult Render(ImmutableArray<Statement> statements)
    {
        var text = new StringBuilder();
        foreach (var statement in statements)
        {
            switch (statement)
            {
                case Statement.Text literal:
                    text.Append(literal.Value);
                    break;
                case Statement.Output output:
                    var (result, missing) = Evaluate(output.Value);
                    if (missing is not null)
                    {
                        var field = missing.ToString();
                        return new RenderResult.Missing(
                            field,
                            source.FaultAt(missing.At, $"'{field}' has no value; write {field} ?? \"a default\".")
                        );
                    }

                    var value = Builtins.Text(result, culture);
                    text.Append(kind == OutputKind.Html ? WebUtility.HtmlEncode(value) : value);
                    break;
            }

            if (text.Length > MaxCharacters)
            {
                return new RenderResult.Exceeded(
                    source.FaultAt(0, $"The text is longer than {MaxCharacters} characters.")
                );
            }
        }

        return new RenderResult.Rendered(text.ToString());
    }

    // The value, and the field that is missing from it. A function is not run on what is not there: it could make
    // something of nothing, such as a comma behind no name.
    private (object? Value, Expression.Path? Missing) Evaluate(Expression expression)
    {
        switch (expression)
        {
            case Expression.Literal literal:
                return (literal.Value, null);
            case Expression.Path path:
                var read = Read(path);
                return (read, IsAbsent(read) ? path : null);
            case Expression.Fallback fallback:
                var left = Evaluate(fallback.Left);
                return left.Missing is null && !IsAbsent(left.Value) ? left : Evaluate(fallback.Right);
            case Expression.Call call:
                var arguments = call.Arguments.Select(Evaluate).ToArray();
                var missing = arguments.Select(argument => argument.Missing).FirstOrDefault(path => path is not null);
                return missing is null
                    ? (Builtins.Run(call.Function, [.. arguments.Select(argument => argument.Value)], culture), null)
                    : (null, missing);
            default:
                throw new InvalidOperationException($"Expression '{expression.GetType().Name}' has no evaluation.");
        }
    }

    private object? Read(Expression.Path path)
    {
        object? value = model;
        foreach (var name in path.Names)
        {
            if (value is not IModel inner || !inner.TryGet(name, out value))
            {
                return null;
            }
        }

        return value;
    }

    // An empty text is no value: a lead without a first name must not be greeted with "Dear ,".
    private static bool IsAbsent(object? value) => value is null or string { Length: 0 };
}
