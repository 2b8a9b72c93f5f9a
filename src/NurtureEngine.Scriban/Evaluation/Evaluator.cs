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
                    var value = Builtins.Text(Evaluate(output.Value), culture);
                    if (value.Length == 0 && FirstMissing(output.Value) is { } missing)
                    {
                        var field = missing.ToString();
                        return new RenderResult.Missing(
                            field,
                            source.FaultAt(missing.At, $"'{field}' has no value; write {field} ?? \"a default\".")
                        );
                    }

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

    private object? Evaluate(Expression expression) =>
        expression switch
        {
            Expression.Literal literal => literal.Value,
            Expression.Path path => Read(path),
            Expression.Fallback fallback => Present(Evaluate(fallback.Left)) ?? Evaluate(fallback.Right),
            Expression.Call call => Builtins.Run(call.Function, [.. call.Arguments.Select(Evaluate)], culture),
            _ => throw new InvalidOperationException($"Expression '{expression.GetType().Name}' has no evaluation."),
        };

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
    private static object? Present(object? value) => value is string { Length: 0 } ? null : value;

    private Expression.Path? FirstMissing(Expression expression) =>
        expression switch
        {
            Expression.Path path => Present(Read(path)) is null ? path : null,
            Expression.Call call => call.Arguments.Select(FirstMissing).FirstOrDefault(path => path is not null),
            Expression.Fallback fallback => FirstMissing(fallback.Right),
            _ => null,
        };
}
