using System.Collections.Immutable;
using NurtureEngine.Scriban.Evaluation.Objects;

namespace NurtureEngine.Scriban.Functions;

/// <summary>
/// One of the language's own functions. Parameters in brackets are optional; one that ends in dots takes all that are left.
/// </summary>
internal sealed record Builtin(
    string Name,
    ImmutableArray<string> Parameters,
    int Required,
    bool IsVariadic,
    bool TakesAbsent,
    Func<Invocation, object?> Body
)
{
    public string Shape => string.Join(' ', Parameters.Select((name, i) => i < Required ? $"<{name}>" : $"<{name}>?"));

    /// <summary>Makes a function from its signature, such as <c>"string.truncate text length [ellipsis]"</c>.</summary>
    public static Builtin Of(string signature, Func<Invocation, object?> body, bool takesAbsent = false)
    {
        var words = signature.Split(' ');
        var parameters = words.Skip(1).ToList();
        return new Builtin(
            words[0],
            [.. parameters.Select(name => name.Trim('[', ']', '.'))],
            parameters.Count(name => !name.StartsWith('[')),
            parameters.Any(name => name.EndsWith("...]", StringComparison.Ordinal)),
            takesAbsent,
            body
        );
    }

    /// <summary>Runs it; an absent argument makes the result absent, unless the function deals with such.</summary>
    public object? Invoke(Invocation invocation)
    {
        if (!TakesAbsent && invocation.FirstAbsent() is { } absent)
        {
            return absent;
        }

        var result = Body(invocation.For(this));
        switch (result)
        {
            case string text:
                return invocation.Renderer.Budget.Charged(text, invocation.At);
            case ScriptArray list:
                invocation.Renderer.Budget.Step(invocation.At, list.Count);
                return list;
            default:
                return result;
        }
    }
}
