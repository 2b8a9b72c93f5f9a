using System.Globalization;
using NurtureEngine.Scriban.Evaluation;
using NurtureEngine.Scriban.Evaluation.Objects;

namespace NurtureEngine.Scriban.Functions;

/// <summary>The arguments of one call, by position or name, in the types a function wants.</summary>
internal sealed record Invocation(ScriptArray Arguments, Renderer Renderer, int At)
{
    private Builtin? _builtin;

    public CultureInfo Culture => Renderer.Culture;

    public Invocation For(Builtin builtin)
    {
        if (Arguments.Count + (Arguments.Members?.Count ?? 0) < builtin.Required)
        {
            throw Failure($"'{builtin.Name}' got too few arguments; expected {builtin.Shape}.");
        }

        _builtin = builtin;
        return this;
    }

    public Absent? FirstAbsent() =>
        Arguments.OfType<Absent>().FirstOrDefault()
        ?? Arguments.Members?.Members.Select(member => member.Value).OfType<Absent>().FirstOrDefault();

    public bool Has(int position) => Value(position) is not null;

    /// <summary>The argument as it is; null where it was not given, or has no value.</summary>
    public object? Value(int position) => Values.OrNull(Raw(position));

    /// <summary>The argument, absent where it has no value.</summary>
    public object? Raw(int position)
    {
        if (position < Arguments.Count)
        {
            return Arguments[position];
        }

        return
            _builtin is not null
            && position < _builtin.Parameters.Length
            && Arguments.Members is { } named
            && named.TryGet(_builtin.Parameters[position], out var value)
            ? value
            : null;
    }

    /// <summary>The argument as text; counted, since a function goes through all of it.</summary>
    public string Text(int position) => Renderer.Budget.Charged(Values.Text(Value(position), Culture), At);

    public string Text(int position, string fallback) => Has(position) ? Text(position) : fallback;

    public int Integer(int position) => (int)Math.Clamp(Calls.Integer(Value(position), At), int.MinValue, int.MaxValue);

    public int Integer(int position, int fallback) => Has(position) ? Integer(position) : fallback;

    public object Number(int position) =>
        Value(position) is { } value && Values.IsNumber(value) ? value : throw Failure("A number is needed here.");

    /// <summary>The items of a list; counted as steps, since somebody will go through them.</summary>
    public List<object?> List(int position)
    {
        var items = Values.Items(Value(position)) ?? throw Failure("A list is needed here.");
        var list = new List<object?>();
        foreach (var item in items)
        {
            Renderer.Budget.Step(At);
            list.Add(item);
        }

        return list;
    }

    public FunctionValue Function(int position) =>
        Value(position) as FunctionValue ?? throw Failure("A function is needed here, such as @string.strip.");

    /// <summary>Calls a function that was given as an argument.</summary>
    public object? Apply(FunctionValue function, params object?[] arguments)
    {
        Renderer.Budget.Step(At);
        return Calls.Invoke(function, new ScriptArray(arguments), null, At, Renderer);
    }

    public ScriptFailure Failure(string message) => new(message, At);

    public ScriptFailure Exceeded(string message) => new(message, At) { IsBound = true };
}
