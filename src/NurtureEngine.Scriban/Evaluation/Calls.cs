using NurtureEngine.Scriban.Evaluation.Objects;
using NurtureEngine.Scriban.Functions;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Evaluation;

/// <summary>Calls functions, the language's own and the template's.</summary>
internal static class Calls
{
    public static object? Call(Expression.Call call, Action? block, Renderer renderer)
    {
        renderer.Budget.Step(call.At);
        var function = Expressions.EvaluateRaw(call.Function, renderer);
        if (function is not FunctionValue target)
        {
            throw new ScriptFailure(
                function is Absent absent
                    ? $"'{absent.Field}' is no known function."
                    : "This is no function and takes no arguments.",
                call.At
            );
        }

        var (listed, named) = (new List<object?>(), (ScriptObject?)null);
        foreach (var argument in call.Arguments)
        {
            var value = Expressions.Evaluate(argument.Value, renderer);
            if (argument.Name is { } name)
            {
                (named ??= new ScriptObject()).Set(name, value);
            }
            else if (argument.Value is Expression.Unary { Operator: "^" } && Values.Items(value) is { } items)
            {
                listed.AddRange(renderer.Budget.Counted(items, call.At));
            }
            else
            {
                listed.Add(value);
            }
        }

        var arguments = new ScriptArray(listed);
        foreach (var (name, value) in named?.Members ?? [])
        {
            arguments.SetMember(name, value);
        }

        return Invoke(target, arguments, block, call.At, renderer);
    }

    /// <summary>Calls a function with arguments, those with names as members of the list.</summary>
    public static object? Invoke(
        FunctionValue function,
        ScriptArray arguments,
        Action? block,
        int at,
        Renderer renderer
    ) =>
        function switch
        {
            FunctionValue.Native native => native.Function.Invoke(new Invocation(arguments, renderer, at)),
            FunctionValue.Scripted { Declaration: var declaration } => renderer.Call(
                declaration,
                arguments,
                declaration.Parameters is { } parameters
                    ? Bound(declaration.Name, parameters, arguments, at, renderer)
                    : null,
                block,
                at
            ),
            _ => throw new InvalidOperationException("A function of no kind."),
        };

    public static long Integer(object? value, int at) =>
        value switch
        {
            long number => number,
            double number when double.IsInteger(number) && Math.Abs(number) < long.MaxValue => (long)number,
            decimal number when decimal.IsInteger(number) && Math.Abs(number) < long.MaxValue => (long)number,
            _ => throw new ScriptFailure("A whole number is needed here.", at),
        };

    private static ScriptObject Bound(
        string name,
        IReadOnlyList<Parameter> parameters,
        ScriptArray arguments,
        int at,
        Renderer renderer
    )
    {
        var bound = new ScriptObject();
        for (var i = 0; i < parameters.Count; i++)
        {
            var parameter = parameters[i];
            if (parameter.IsVariable)
            {
                bound.Set(parameter.Name, new ScriptArray(arguments.Skip(i)));
                return bound;
            }

            if (arguments.Members is { } named && named.TryGet(parameter.Name, out var value))
            {
                bound.Set(parameter.Name, value);
            }
            else if (i < arguments.Count)
            {
                bound.Set(parameter.Name, arguments[i]);
            }
            else if (parameter.Default is { } fallback)
            {
                bound.Set(parameter.Name, Expressions.Evaluate(fallback, renderer));
            }
            else
            {
                throw new ScriptFailure(
                    $"'{name}' got {arguments.Count} argument(s); '{parameter.Name}' is missing.",
                    at
                );
            }
        }

        return arguments.Count <= parameters.Count
            ? bound
            : throw new ScriptFailure($"'{name}' got {arguments.Count} arguments; it takes {parameters.Count}.", at);
    }
}
