using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using NurtureEngine.Core.Templating.Functions;
using NurtureEngine.Core.Templating.Parsing;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Rendering;

/// <summary>
/// Scriban's interpreter under our rules: what is missing stops it, HTML escapes values, everything is bounded, and nothing of .NET is reached. A
/// new one costs tens of kilobytes, so each thread keeps one; one that failed is dropped with whatever it was in the middle of.
/// </summary>
internal sealed class RenderContext : TemplateContext
{
    public const int MaxCalls = 60;
    public const int MaxItems = 100_000;
    public static readonly TimeSpan LongestSearch = TimeSpan.FromMilliseconds(250);

    [ThreadStatic]
    private static RenderContext? _kept;

    private readonly BoundedOutput _printed;
    private readonly RootObject _root = new();
    private IPartials _partials = IPartials.None;
    private bool _isCondition;

    private RenderContext()
        : base(Library.Functions)
    {
        LoopLimit = MaxItems;
        RecursiveLimit = MaxCalls;
        RegexTimeOut = LongestSearch;
        ObjectRecursionLimit = 20;
        // Scriban cuts without a word, and counts all that is printed, captured and included: far above our own bounds on each of these.
        LimitToString = 4 * Budget.MaxMade;
        // A member of nothing is nothing, and Absence decides what follows.
        EnableRelaxedTargetAccess = true;
        EnableRelaxedMemberAccess = true;
        EnableRelaxedIndexerAccess = true;
        NewLine = "\n";
        _printed = new BoundedOutput(this);
    }

    /// <summary>What the rendering may still use up.</summary>
    public Budget Budget { get; } = new();

    /// <summary>Whether values are escaped where they are printed.</summary>
    public bool IsHtml { get; private set; }

    /// <exception cref="ScriptRuntimeException">What stopped the rendering.</exception>
    public static string Render(
        Template template,
        IModel model,
        OutputKind kind,
        CultureInfo culture,
        IPartials partials
    )
    {
        var context = Take(model, culture);
        (context.IsHtml, context._isCondition, context._partials) = (kind == OutputKind.Html, false, partials);
        context.PushOutput(context._printed);
        template.Parsed.Render(context);
        var text = context._printed.ToString();
        Keep(context);
        return text;
    }

    /// <exception cref="ScriptRuntimeException">What stopped the evaluation.</exception>
    public static bool Holds(ScriptExpression condition, IModel model, CultureInfo culture)
    {
        var context = Take(model, culture);
        (context.IsHtml, context._isCondition, context._partials) = (false, true, IPartials.None);
        var holds = context.ToBool(condition.Span, context.Evaluate(condition));
        Keep(context);
        return holds;
    }

    /// <summary>Renders a partial with arguments of its own: <c>$0</c> is its name, as in Scriban.</summary>
    public string Include(string name, ScriptArray arguments, ScriptNode caller)
    {
        var partial = _partials.Find(name) ?? throw new RefusedException(caller.Span, $"There is no partial '{name}'.");
        try
        {
            return RenderTemplate(partial.Parsed, arguments, caller);
        }
        catch (ScriptRuntimeException exception)
        {
            throw new PartialException(caller.Span, name, partial.FailureOf(exception));
        }
    }

    /// <summary>The value of a path, without calling it where it is a function.</summary>
    public object? ValueOf(ScriptExpression path) => base.Evaluate(path, aliasReturnedFunction: true);

    public override object? Evaluate(ScriptNode? scriptNode, bool aliasReturnedFunction)
    {
        if (scriptNode is null)
        {
            return null;
        }

        Budget.Step(scriptNode.Span);
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new BoundException(scriptNode.Span, "The template is nested too deep.");
        }

        switch (scriptNode)
        {
            case ScriptBinaryExpression { Operator: ScriptBinaryOperator.EmptyCoalescing } choice:
                return EvaluateDefault(choice);
            case ScriptCaptureStatement capture:
                Capture(capture);
                return null;
            case ScriptAssignExpression { EqualToken.TokenType: not TokenType.Equal } change:
                base.Evaluate(change, aliasReturnedFunction);
                Budget.Charge(ValueOf(change.Target!) ?? "", change.Span);
                return null;
        }

        var value = base.Evaluate(scriptNode, aliasReturnedFunction);
        if (value is WrittenNumber written && Absence.IsCompared(scriptNode))
        {
            value = written.Number;
        }

        if (value is null)
        {
            if (
                !aliasReturnedFunction
                && !_isCondition
                && scriptNode is ScriptExpression expression
                && (
                    SyntaxTree.IsPath(expression)
                    || expression is ScriptPipeCall or ScriptFunctionCall or ScriptUnaryExpression
                )
                && Absence.Stops(expression, this)
            )
            {
                throw MissingValueException.Of(expression);
            }
        }
        else if (
            scriptNode
            is ScriptFunctionCall
                or ScriptPipeCall
                or ScriptBinaryExpression
                or ScriptInterpolatedStringExpression
        )
        {
            Budget.Charge(value, scriptNode.Span);
            Budget.LookAtTime(scriptNode.Span);
        }

        return value;
    }

    public override TemplateContext Write(SourceSpan span, object? textAsObject) =>
        textAsObject switch
        {
            null => this,
            Markup markup => Write(markup.Value),
            _ when ObjectToString(textAsObject) is { } text => Write(IsHtml ? Markup.Escape(text) : text),
            _ => this,
        };

    public override string? ObjectToString(object? value, bool nested = false) =>
        value is ModelObject
            ? throw new RefusedException(
                CurrentSpan,
                "An object of the model can't be printed; print one of its fields."
            )
            : base.ObjectToString(value, nested);

    public override object? ToObject(SourceSpan span, object? value, Type destinationType) =>
        value is string text && (Nullable.GetUnderlyingType(destinationType) ?? destinationType) == typeof(DateTime)
            ? Dates.Parse(this, CurrentNode!, text, null, null)
            : base.ToObject(span, value, destinationType);

    protected override IObjectAccessor? GetMemberAccessorImpl(object target) =>
        target is Markup or WrittenNumber ? null
        : target is IScriptObject or string or IList or DateTime or TimeSpan or decimal or KeyValuePair<string, object>
        || target.GetType().IsPrimitive
            ? base.GetMemberAccessorImpl(target)
        : throw new RefusedException(CurrentSpan, "The value has no members.");

    private static RenderContext Take(IModel model, CultureInfo culture)
    {
        var context = _kept ?? new RenderContext();
        _kept = null;
        context.Budget.Begin();
        context.PushCulture(culture);
        context._root.Read(model);
        context.PushGlobal(context._root);
        return context;
    }

    private static void Keep(RenderContext context)
    {
        if (context.OutputCount > 1)
        {
            // array.cycle counts in the tags, and the indent would go on in the next text.
            context.Reset();
            context._printed.CutTo(0);
            context.CurrentIndent = null;
            context.ResetPreviousNewLine();
        }
        else
        {
            context.PopGlobal();
            context.PopCulture();
        }

        context.Tags.Clear();
        context._root.Read(null);
        context._partials = IPartials.None;
        _kept = context;
    }

    private object? EvaluateDefault(ScriptBinaryExpression choice)
    {
        // A pipe that an exception leaves takes the pipes around it along, so the exception is the rarer way.
        if (!SyntaxTree.IsPath(choice.Left) && Absence.LacksValue(choice.Left!, this))
        {
            return Evaluate(choice.Right!);
        }

        object? left;
        var length = PrintedLength;
        try
        {
            left = Evaluate(choice.Left!);
        }
        catch (MissingValueException)
        {
            // What a function had printed before it came to the missing value belongs to a text that there is not.
            PrintedLength = length;
            left = null;
        }

        return left ?? Evaluate(choice.Right!);
    }

    private int PrintedLength
    {
        get => Output is BoundedOutput bounded ? bounded.Length : ((StringBuilderOutput)Output).Builder.Length;
        set
        {
            if (Output is BoundedOutput bounded)
            {
                bounded.CutTo(value);
            }
            else
            {
                ((StringBuilderOutput)Output).Builder.Length = value;
            }
        }
    }

    // Scriban would keep the writer itself, an object of .NET.
    private void Capture(ScriptCaptureStatement capture)
    {
        var output = new BoundedOutput(this);
        PushOutput(output);
        try
        {
            Evaluate(capture.Body!);
        }
        finally
        {
            PopOutput();
        }

        var text = Budget.Charged(output.ToString(), capture.Span);
        SetValue(capture.Target, IsHtml ? new Markup(text) : text);
    }
}
