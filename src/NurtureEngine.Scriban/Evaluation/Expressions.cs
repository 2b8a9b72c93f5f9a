using System.Runtime.CompilerServices;
using NurtureEngine.Scriban.Evaluation.Objects;
using NurtureEngine.Scriban.Functions;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Evaluation;

/// <summary>Evaluates expressions.</summary>
internal static class Expressions
{
    public static object? Evaluate(Expression expression, Renderer renderer)
    {
        var value = EvaluateRaw(expression, renderer);
        // A function without parameters is called by its name alone; '@' and pipes ask for the function itself.
        return
            value is FunctionValue function
            && expression is Expression.Variable or Expression.Local or Expression.Member or Expression.Index
            ? Calls.Invoke(function, new ScriptArray(), null, expression.At, renderer)
            : value;
    }

    /// <summary>The value as it stands: a function is not called.</summary>
    public static object? EvaluateRaw(Expression expression, Renderer renderer)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new ScriptFailure("The expression is nested too deep.", expression.At) { IsBound = true };
        }

        switch (expression)
        {
            case Expression.Literal literal:
                return literal.Value;
            case Expression.Variable variable:
                return Variable(variable, renderer);
            case Expression.Member member:
                return Member(member, renderer);
            case Expression.Call call:
                return Calls.Call(call, null, renderer);
            case Expression.Binary binary:
                return Binary(binary, renderer);
            case Expression.Interpolation interpolation:
                return Interpolated(interpolation, renderer);
            case Expression.Local local:
                return Local(local, renderer);
            case Expression.Loop loop:
                return renderer.LoopOf(loop.Kind) is { } state
                    ? state.Member(loop.Property)
                        ?? throw new ScriptFailure($"'{loop.Kind}.{loop.Property}' is not known.", loop.At)
                    : throw new ScriptFailure(
                        $"'{loop.Kind}.{loop.Property}' stands outside a '{loop.Kind}'.",
                        loop.At
                    );
            case Expression.Index index:
                return Index(index, renderer);
            case Expression.Unary unary:
                return Unary(unary, renderer);
            case Expression.Increment increment:
                return Increment(increment, renderer);
            case Expression.Conditional conditional:
                return Evaluate(
                    Values.IsTrue(Evaluate(conditional.Condition, renderer)) ? conditional.Then : conditional.Else,
                    renderer
                );
            case Expression.ArrayLiteral list:
                return List(list, renderer);
            case Expression.ObjectLiteral entity:
                return Object(entity, renderer);
            case Expression.Anonymous anonymous:
                return new FunctionValue.Scripted(anonymous.Declaration);
            default:
                throw new InvalidOperationException($"Expression '{expression.GetType().Name}' has no evaluation.");
        }
    }

    private static object? Variable(Expression.Variable variable, Renderer renderer)
    {
        if (variable.Name == "this")
        {
            return renderer.Scopes.Current;
        }

        if (renderer.Scopes.TryFind(variable.Name, out var value, out var isOfModel))
        {
            return Present(value, variable.Absent, isOfModel);
        }

        if (Builtins.Find(variable.Name) is { } function)
        {
            return new FunctionValue.Native(function);
        }

        return variable.Name == "empty" ? Values.Empty : variable.Absent;
    }

    private static object? Member(Expression.Member member, Renderer renderer)
    {
        // "string.upcase": a library's name is no variable, unless the model has one of that name.
        if (
            member is { IsLibrary: true, Target: Expression.Variable library }
            && !renderer.Scopes.TryFind(library.Name, out _)
        )
        {
            return Builtins.Find($"{library.Name}.{member.Name}") is { } function
                ? new FunctionValue.Native(function)
                : throw new ScriptFailure($"'{library.Name}.{member.Name}' is no known function.", member.At);
        }

        // "this.name" is the name itself, wherever it is found.
        if (member.Target is Expression.Variable { Name: "this" })
        {
            return renderer.Scopes.TryFind(member.Name, out var own, out var isOfModel)
                ? Present(own, member.Absent, isOfModel)
                : member.Absent;
        }

        var target = Values.Unwrapped(Evaluate(member.Target, renderer));
        return target switch
        {
            null or Absent when member.Name == "empty?" => true,
            Absent => member.Absent,
            null when member.IsOptional => null,
            null => member.Absent,
            IModel model when model.TryGet(member.Name, out var value) => Present(
                value,
                member.Absent,
                isModel: target is not ScriptObject
            ),
            ScriptObject entity when member.Name == "empty?" => entity.Count == 0,
            ScriptArray list => ListMember(list, member),
            string text when member.Name is "size" or "empty?" => member.Name == "size"
                ? (long)text.Length
                : text.Length == 0,
            DateTimeOffset date => DateMembers.Of(date, member.Name) ?? throw Unknown(member),
            TimeSpan span => DateMembers.Of(span, member.Name) ?? throw Unknown(member),
            IModel => member.Absent,
            _ => throw Unknown(member),
        };
    }

    private static ScriptFailure Unknown(Expression.Member member) =>
        new($"'{member.Name}' is no member of this value.", member.At);

    // An empty text of the model is no value: a lead without a first name must not be greeted with "Dear ,".
    private static object? Present(object? value, Absent absent, bool isModel) =>
        !isModel ? value
        : value is null || (value is string text && string.IsNullOrWhiteSpace(text)) ? absent
        : value is IEnumerable<object?> list and not ScriptArray ? ScriptArray.OfModel(list, absent)
        : value;

    private static object? ListMember(ScriptArray list, Expression.Member member) =>
        member.Name switch
        {
            "size" => (long)list.Count,
            "empty?" => list.Count == 0,
            _ => list.Members is { } members && members.TryGet(member.Name, out var value) ? value : null,
        };

    private static object? Local(Expression.Local local, Renderer renderer)
    {
        var frame = renderer.Scopes.Frame;
        switch (local.Name)
        {
            case "$":
                return frame.Arguments;
            case "$$":
                return frame.Block is { } block
                    ? renderer.Captured(block)
                    : throw new ScriptFailure("'$$' is the block of a 'wrap', and there is none.", local.At);
            default:
                return frame.Locals.TryGet(local.Name, out var value) ? value : null;
        }
    }

    private static object? Index(Expression.Index index, Renderer renderer)
    {
        var target = Values.Unwrapped(Evaluate(index.Target, renderer));
        var key = Evaluate(index.Key, renderer);
        switch (target)
        {
            case null or Absent:
                return target;
            // An item that a list does not have is as absent as a field that a lead does not have.
            case ScriptArray list when key is long position:
                return list.Has(position) ? list[position] : index.Absent;
            case ScriptArray list when key is string name:
                return list.Members is { } members && members.TryGet(name, out var member) ? member : null;
            case string text when key is long position:
                position = position < 0 ? text.Length + position : position;
                return position >= 0 && position < text.Length ? text[(int)position].ToString() : index.Absent;
            case IModel model when key is string name:
                return model.TryGet(name, out var value)
                    ? Present(value, index.Absent, isModel: model is not ScriptObject)
                    : index.Absent;
            default:
                throw new ScriptFailure(
                    "This value has no items of that kind; a list takes whole numbers, an object takes names.",
                    index.At
                );
        }
    }

    private static object? Unary(Expression.Unary unary, Renderer renderer)
    {
        if (unary.Operator == "@")
        {
            return EvaluateRaw(unary.Operand, renderer);
        }

        var value = Evaluate(unary.Operand, renderer);
        return unary.Operator switch
        {
            "!" => Values.Boxed(!Values.IsTrue(value)),
            "^" => value,
            "-" => Operators.Apply("-", 0L, value, renderer, unary.At),
            _ => Operators.Apply("+", 0L, value, renderer, unary.At),
        };
    }

    private static object? Increment(Expression.Increment increment, Renderer renderer)
    {
        var before = Evaluate(increment.Target, renderer);
        var after = Operators.Apply("+", before, (long)increment.By, renderer, increment.At);
        Assignment.Set(increment.Target, after, renderer);
        return increment.IsPrefix ? after : before;
    }

    // A function among operands is what it gives: (do; ret 1; end) + 1.
    private static object? Operand(Expression expression, Renderer renderer) =>
        Evaluate(expression, renderer) is var value && value is FunctionValue function
            ? Calls.Invoke(function, new ScriptArray(), null, expression.At, renderer)
            : value;

    private static object? Binary(Expression.Binary binary, Renderer renderer)
    {
        var left = Operand(binary.Left, renderer);
        return binary.Operator switch
        {
            "??" => left is null or Absent ? Operand(binary.Right, renderer) : left,
            "?!" => left is null or Absent ? left : Operand(binary.Right, renderer),
            "&&" => Values.Boxed(Values.IsTrue(left) && Values.IsTrue(Evaluate(binary.Right, renderer))),
            "||" => Values.Boxed(Values.IsTrue(left) || Values.IsTrue(Evaluate(binary.Right, renderer))),
            _ => Operators.Apply(binary.Operator, left, Operand(binary.Right, renderer), renderer, binary.At),
        };
    }

    private static object? Interpolated(Expression.Interpolation interpolation, Renderer renderer)
    {
        object? joined = "";
        foreach (var part in interpolation.Parts)
        {
            var value = Evaluate(part, renderer);
            if (value is Absent)
            {
                return value;
            }

            joined = Operators.Joined(joined, value, renderer, interpolation.At);
        }

        return joined;
    }

    private static ScriptArray List(Expression.ArrayLiteral literal, Renderer renderer)
    {
        var items = new List<object?>(literal.Items.Length);
        foreach (var item in literal.Items)
        {
            items.Add(Evaluate(item, renderer));
        }

        return ScriptArray.Over(items);
    }

    private static ScriptObject Object(Expression.ObjectLiteral literal, Renderer renderer)
    {
        var entity = new ScriptObject();
        foreach (var (name, value) in literal.Members)
        {
            entity.Set(name, Evaluate(value, renderer));
        }

        return entity;
    }
}
