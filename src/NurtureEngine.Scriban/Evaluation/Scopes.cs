using NurtureEngine.Scriban.Evaluation.Objects;

namespace NurtureEngine.Scriban.Evaluation;

/// <summary>Where names are looked up: a function's parameters, the objects of <c>with</c>, the template's own variables, the model.</summary>
internal sealed class Scopes(IModel model)
{
    private readonly ScriptObject _variables = new();
    private readonly List<IModel> _contexts = [];
    private Frame? _frame;

    /// <summary>The running function's frame, or that of the template itself.</summary>
    public Frame Frame => _frame ??= new Frame(null, [], null);

    /// <summary>What <c>this</c> is: the object of the innermost <c>with</c>, or the template's variables.</summary>
    public IModel Current => _contexts.Count > 0 ? _contexts[^1] : _variables;

    public bool TryFind(string name, out object? value) => TryFind(name, out value, out _);

    /// <summary>Finds a name, and tells whether it is the model's or one that the template gave a value to.</summary>
    public bool TryFind(string name, out object? value, out bool isOfModel)
    {
        isOfModel = false;
        for (var frame = _frame; frame is not null; frame = frame.IsOpen ? frame.Caller : null)
        {
            if (frame.Parameters is { } parameters && parameters.TryGet(name, out value))
            {
                return true;
            }
        }

        for (var i = _contexts.Count - 1; i >= 0; i--)
        {
            if (_contexts[i].TryGet(name, out value))
            {
                isOfModel = _contexts[i] is not ScriptObject;
                return true;
            }
        }

        if (_variables.TryGet(name, out value))
        {
            return true;
        }

        isOfModel = true;
        return model.TryGet(name, out value);
    }

    /// <summary>The object that an assignment to a plain name goes to; null where the current object can't be written.</summary>
    public ScriptObject? TargetOf(string name)
    {
        if (_frame?.Scope is { } parameters && (parameters.TryGet(name, out _) || !TryFind(name, out _)))
        {
            return parameters;
        }

        // Within an object of the model the template's own variables are meant.
        return Current as ScriptObject ?? _contexts.OfType<ScriptObject>().LastOrDefault() ?? _variables;
    }

    public void Enter(IModel context) => _contexts.Add(context);

    public void Leave() => _contexts.RemoveAt(_contexts.Count - 1);

    /// <summary>Begins a function; the answer goes back with <see cref="Return"/>.</summary>
    public Frame Call(Frame frame)
    {
        frame.Caller = Frame;
        _frame = frame;
        return frame.Caller;
    }

    public void Return(Frame caller) => _frame = caller;
}

/// <summary>
/// What one run of a function has for itself: its parameters (null for a simple function), the arguments as <c>$</c>, the
/// local variables, and the block that it wraps.
/// </summary>
internal sealed class Frame(ScriptObject? parameters, ScriptArray arguments, Action? block)
{
    public ScriptObject? Parameters => parameters;

    /// <summary>Who called; its parameters can be read too. Null for the template itself.</summary>
    public Frame? Caller { get; set; }

    /// <summary>Whether names are looked for among the caller's parameters too.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Where plain names are assigned to: the nearest parameters; null outside of functions that have such.</summary>
    public ScriptObject? Scope => parameters ?? Caller?.Scope;

    public ScriptArray Arguments => arguments;

    public Action? Block => block;

    public ScriptObject Locals { get; } = new();
}
