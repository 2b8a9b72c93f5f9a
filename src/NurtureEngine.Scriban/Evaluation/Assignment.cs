using NurtureEngine.Scriban.Evaluation.Objects;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Evaluation;

/// <summary>Gives values to variables, members and items. What the model holds is never changed.</summary>
internal static class Assignment
{
    public static void Set(Expression target, object? value, Renderer renderer)
    {
        switch (target)
        {
            case Expression.Local local:
                renderer.Scopes.Frame.Locals.Set(local.Name, value);
                break;
            case Expression.Variable variable:
                Write(renderer.Scopes.TargetOf(variable.Name), variable.Name, value, variable.At);
                break;
            case Expression.Member member:
                SetMember(Expressions.Evaluate(member.Target, renderer), member.Name, value, member.At);
                break;
            case Expression.Index index:
                SetItem(
                    renderer,
                    Expressions.Evaluate(index.Target, renderer),
                    Expressions.Evaluate(index.Key, renderer),
                    value,
                    index.At
                );
                break;
            default:
                throw new InvalidOperationException($"A '{target.GetType().Name}' can't be assigned to.");
        }
    }

    /// <summary>Puts a variable back as it is now: that of a loop lives as long as the loop.</summary>
    public static Action Remember(Expression target, Renderer renderer)
    {
        var (owner, name) = target switch
        {
            Expression.Local local => (renderer.Scopes.Frame.Locals, local.Name),
            Expression.Variable variable => (renderer.Scopes.TargetOf(variable.Name), variable.Name),
            _ => (null, ""),
        };
        if (owner is null)
        {
            return () => { };
        }

        return owner.TryGet(name, out var before) ? () => owner.Set(name, before) : () => owner.Remove(name);
    }

    public static void MakeReadOnly(Expression target, Renderer renderer)
    {
        if (target is Expression.Variable variable && renderer.Scopes.TargetOf(variable.Name) is { } owner)
        {
            owner.MakeReadOnly(variable.Name);
        }
        else
        {
            throw new ScriptFailure("Only a variable of the template can be made read-only.", target.At);
        }
    }

    private static void SetMember(object? target, string name, object? value, int at)
    {
        switch (target)
        {
            case ScriptObject entity:
                Write(entity, name, value, at);
                break;
            case ScriptArray { IsFixed: false } list:
                list.SetMember(name, value);
                break;
            default:
                throw new ScriptFailure(
                    $"'{name}' can't be set here: only objects and lists that the template made can be changed.",
                    at
                );
        }
    }

    private static void SetItem(Renderer renderer, object? target, object? key, object? value, int at)
    {
        // A list grows to its highest item; nobody means one of millions.
        const long most = 100_000;
        switch (target, key)
        {
            case (ScriptArray { IsFixed: false } list, long position) when position < most && position >= -list.Count:
                for (var grown = list.Count; grown < position; grown++)
                {
                    renderer.Budget.Step(at);
                }

                list.Set(position, value);
                break;
            case (_, string name):
                SetMember(target, name, value, at);
                break;
            default:
                throw new ScriptFailure(
                    $"This item can't be set; a list that the template made takes whole numbers below {most}, an object takes names.",
                    at
                );
        }
    }

    private static void Write(ScriptObject? owner, string name, object? value, int at)
    {
        if (owner is null)
        {
            throw new ScriptFailure($"'{name}' can't be set here: what the model holds is not changed.", at);
        }

        if (owner.IsReadOnly(name))
        {
            throw new ScriptFailure($"'{name}' is read-only.", at);
        }

        owner.Set(name, value);
    }
}
