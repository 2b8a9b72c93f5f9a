using NurtureEngine.Core.Templating;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>A yes-or-no input: fixed, a variable, or a condition over the lead.</summary>
public abstract record Predicate
{
    private Predicate() { }

    public sealed record Fixed(bool Value) : Predicate;

    /// <summary>True where the variable holds <c>true</c>, in whatever case.</summary>
    public sealed record Variable(string Name) : Predicate;

    public sealed record Scripted(Condition Condition) : Predicate;

    /// <summary>Whether it holds; null where it can't be told, such as a comparison of things that have no order.</summary>
    public bool? Holds(RunValues values) =>
        this switch
        {
            Fixed given => given.Value,
            Variable variable => string.Equals(
                values.Variables.GetValueOrDefault(variable.Name),
                "true",
                StringComparison.OrdinalIgnoreCase
            ),
            Scripted scripted => scripted.Condition.Holds(values.Model, RunValues.Culture, out _),
            _ => throw new InvalidOperationException($"A '{GetType().Name}' can't be asked."),
        };
}
