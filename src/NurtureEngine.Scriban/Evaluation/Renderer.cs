using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using NurtureEngine.Scriban.Evaluation.Objects;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Evaluation;

/// <summary>Renders one template once: runs its statements and writes what they print. Bounded in depth and length, and by its budget.</summary>
internal sealed partial class Renderer(IModel model, OutputKind kind, CultureInfo culture, IPartials partials)
{
    // Mailbox providers clip far smaller messages; beyond these it is a mistake, not a mail.
    private const int MaxCharacters = 1_000_000;
    private const int MaxCalls = 60;

    private readonly Scopes _scopes = new(model);
    private LoopState? _loop;
    private Output? _output;
    private string? _brokenIn;
    private Dictionary<string, int>? _cycles;
    private object? _returned;
    private int _calls;

    private enum Flow
    {
        Next,
        Break,
        Continue,
        Return,
    }

    /// <summary>What the rendering may still use up.</summary>
    public Budget Budget { get; } = new();

    public CultureInfo Culture => culture;

    public OutputKind Kind => kind;

    public Scopes Scopes => _scopes;

    /// <summary>The innermost running loop of a kind; null outside of such.</summary>
    public LoopState? LoopOf(string kind)
    {
        var loop = _loop;
        while (loop is not null && loop.Kind != kind)
        {
            loop = loop.Outer;
        }

        return loop;
    }

    /// <summary>Renders a template from its beginning.</summary>
    public string Render(ImmutableArray<Statement> statements)
    {
        _returned = Nothing;
        var output = _output = new Output();
        if (Run(statements) == Flow.Return && !ReferenceEquals(_returned, Nothing))
        {
            Print(_returned, at: 0);
        }

        return output.Finish();
    }

    /// <summary>The value of one expression.</summary>
    public object? Evaluate(Expression expression) => Expressions.Evaluate(expression, this);

    /// <summary>What a piece prints instead of writing it; markup in HTML, since it is escaped already.</summary>
    public object Captured(Action write)
    {
        var (outer, brokenIn) = (_output, _brokenIn);
        (var output, _brokenIn) = (_output = new Output(), null);
        try
        {
            write();
            var printed = Budget.Charged(output.Finish(), at: 0);
            return kind == OutputKind.Html ? new Markup(printed) : printed;
        }
        finally
        {
            (_output, _brokenIn) = (outer, brokenIn);
        }
    }

    /// <summary>Calls a function of the template: what it returns, or null. What it prints goes where its caller prints.</summary>
    public object? Call(
        FunctionDeclaration declaration,
        ScriptArray arguments,
        ScriptObject? parameters,
        Action? block,
        int at
    )
    {
        Enter(at);
        // Only a function without a name sees the parameters around it.
        var caller = _scopes.Call(new Frame(parameters, arguments, block) { IsOpen = declaration.IsAnonymous });
        var returned = _returned;
        _returned = Nothing;
        try
        {
            Run(declaration.Body);
            return ReferenceEquals(_returned, Nothing) ? null : _returned;
        }
        finally
        {
            _returned = returned;
            _scopes.Return(caller);
            _calls--;
        }
    }

    /// <summary>Renders a partial with arguments of its own.</summary>
    public object Include(string name, ScriptArray arguments, int at)
    {
        var partial = partials.Find(name) ?? throw new ScriptFailure($"There is no partial '{name}'.", at);
        Enter(at);
        var frame = new Frame(null, arguments, null);
        foreach (var (argument, value) in arguments.Members?.Members ?? [])
        {
            frame.Locals.Set("$" + argument, value);
        }

        var caller = _scopes.Call(frame);
        var returned = _returned;
        try
        {
            return Captured(() => Run(partial.Statements));
        }
        catch (Exception exception) when (ScriptFailure.From(exception) is { } failure)
        {
            var fault = partial.FaultOf(failure);
            throw new ScriptFailure($"in partial '{name}', {fault.Line}:{fault.Column}: {fault.Message}", at)
            {
                Missing = failure.Missing,
                IsBound = failure.IsBound,
            };
        }
        finally
        {
            _returned = returned;
            _scopes.Return(caller);
            _calls--;
        }
    }

    /// <summary>How often this was asked before for a group: what <c>array.cycle</c> counts.</summary>
    public int NextOf(string group)
    {
        _cycles ??= new(StringComparer.Ordinal);
        var next = _cycles.GetValueOrDefault(group);
        _cycles[group] = next + 1;
        return next;
    }

    private static object Nothing { get; } = new();

    private void Enter(int at)
    {
        if (++_calls > MaxCalls || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new ScriptFailure($"Functions and partials call each other more than {MaxCalls} deep.", at)
            {
                IsBound = true,
            };
        }
    }

    private Flow Run(ImmutableArray<Statement> statements)
    {
        foreach (var statement in statements)
        {
            Budget.Step(statement.At);
            var flow = Run(statement);
            if (flow != Flow.Next)
            {
                return flow;
            }
        }

        return Flow.Next;
    }

    private Flow Run(Statement statement)
    {
        switch (statement)
        {
            case Statement.Text text:
                Write(text.Value, text.At);
                return Flow.Next;
            case Statement.Output output:
                PrintIndented(Evaluate(output.Value), output);
                return Flow.Next;
            case Statement.Assign assign:
                Assign(assign);
                return Flow.Next;
            case Statement.If choice:
                return RunIf(choice);
            case Statement.Case choice:
                return RunCase(choice);
            case Statement.For loop:
                return RunFor(loop);
            case Statement.While loop:
                return RunWhile(loop);
            case Statement.Capture capture:
                var flow = Flow.Next;
                Assignment.Set(capture.Target, Captured(() => flow = Run(capture.Body)), this);
                return flow;
            case Statement.With with:
                return RunWith(with);
            case Statement.Wrap wrap:
                Print(Calls.Call(wrap.Call, () => Run(wrap.Body), this), wrap.At);
                return Flow.Next;
            case Statement.Function function:
                Assignment.Set(function.Target, new FunctionValue.Scripted(function.Declaration), this);
                return Flow.Next;
            case Statement.Import import:
                Import(import);
                return Flow.Next;
            case Statement.ReadOnly readOnly:
                Assignment.MakeReadOnly(readOnly.Target, this);
                return Flow.Next;
            case Statement.Return result:
                _returned = result.Value is null ? Nothing : Evaluate(result.Value);
                return Flow.Return;
            case Statement.Break:
                return Flow.Break;
            case Statement.Continue:
                return Flow.Continue;
            default:
                throw new InvalidOperationException($"Statement '{statement.GetType().Name}' can't be run.");
        }
    }

    private void Print(object? value, int at) => Write(Shown(value, at), at);

    // A value that ends a line leaves the indent of the next one to the value that begins it, if the block has such.
    private void PrintIndented(object? value, Statement.Output output)
    {
        var text = Shown(value, output.At);
        if (text.Length == 0 || output.Indent.Length == 0)
        {
            Write(text, output.At);
            return;
        }

        if ((long)text.AsSpan().Count('\n') * output.Indent.Length > MaxCharacters)
        {
            throw TooLong(output.At);
        }

        var isLineBegun = !ReferenceEquals(_brokenIn, output.Indent);
        var lines = text.Replace("\n", "\n" + output.Indent, StringComparison.Ordinal);
        var isBroken = text[^1] == '\n';
        Write((isLineBegun ? "" : output.Indent) + (isBroken ? lines[..^output.Indent.Length] : lines), output.At);
        _brokenIn = isBroken ? output.Indent : null;
    }

    private string Shown(object? value, int at)
    {
        switch (value)
        {
            case Absent absent:
                throw ScriptFailure.NoValue(absent);
            case IModel and not ScriptObject:
                throw new ScriptFailure("An object of the model can't be printed; print one of its fields.", at);
            case FunctionValue:
                return "";
            case Markup markup:
                return markup.Value;
            default:
                var text = Values.Text(value, culture);
                return kind == OutputKind.Html ? WebUtility.HtmlEncode(text) : text;
        }
    }

    private static ScriptFailure TooLong(int at) =>
        new($"The text is longer than {MaxCharacters} characters.", at) { IsBound = true };

    private void Write(string text, int at)
    {
        // A condition may call a function that prints; nobody reads it.
        _output ??= new Output();
        if (_output.Length + text.Length > MaxCharacters)
        {
            throw TooLong(at);
        }

        _output.Append(text);
        if (text.Length > 0)
        {
            _brokenIn = null;
        }
    }

    private void Assign(Statement.Assign assign)
    {
        var value = Evaluate(assign.Value);
        if (assign.Operator is { } operation)
        {
            value = Operators.Apply(operation, Evaluate(assign.Target), value, this, assign.At);
        }

        Assignment.Set(assign.Target, value, this);
    }

    private Flow RunIf(Statement.If choice)
    {
        foreach (var (condition, body) in choice.Branches)
        {
            if (condition is null || Values.IsTrue(Evaluate(condition)))
            {
                return Run(body);
            }
        }

        return Flow.Next;
    }

    private Flow RunCase(Statement.Case choice)
    {
        var subject = Evaluate(choice.Subject);
        foreach (var (matches, body) in choice.Branches)
        {
            if (matches.Any(match => Operators.AreEqual(subject, Evaluate(match), this, match.At)))
            {
                return Run(body);
            }
        }

        return Run(choice.Else);
    }

    private Flow RunWith(Statement.With with)
    {
        if (Values.OrNull(Evaluate(with.Object)) is not IModel context)
        {
            throw new ScriptFailure("A 'with' needs an object.", with.Object.At);
        }

        _scopes.Enter(context);
        try
        {
            return Run(with.Body);
        }
        finally
        {
            _scopes.Leave();
        }
    }

    private void Import(Statement.Import import)
    {
        if (Evaluate(import.Object) is not ScriptObject imported)
        {
            throw new ScriptFailure(
                "Only an object that the template made can be imported; read fields by their path.",
                import.Object.At
            );
        }

        foreach (var (name, value) in imported.Members.ToList())
        {
            if (_scopes.Current is ScriptObject target && !target.IsReadOnly(name))
            {
                target.Set(name, value);
            }
        }
    }
}
