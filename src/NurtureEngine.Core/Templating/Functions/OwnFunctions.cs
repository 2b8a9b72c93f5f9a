using System.Globalization;
using NurtureEngine.Core.Templating.Rendering;
using Scriban.Functions;
using Scriban.Runtime;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Functions;

/// <summary>The functions that replace Scriban's, or are added to them.</summary>
internal static class OwnFunctions
{
    // Digits of a number's format beyond these are a mistake; .NET would make a text of up to a billion.
    private const int MostDigits = 30;

    private static readonly (string, Type) Text = ("text", typeof(string));
    private static readonly (string, Type) Value = ("value", typeof(object));
    private static readonly (string, Type) Format = ("format", typeof(string));
    private static readonly (string, Type) Culture = ("culture", typeof(string));

    /// <summary>Each by its full name.</summary>
    public static IEnumerable<(string Name, OwnFunction Function)> All =>
        [
            (
                "include",
                new OwnFunction(Include, 1, ("template_name", typeof(string)))
                {
                    VarParamKind = ScriptVarParamKind.Direct,
                }
            ),
            ("html.raw", new OwnFunction((context, _, given) => new Markup(TextOf(given[0])), 1, Text)),
            (
                "html.escape",
                new OwnFunction((context, _, given) => new Markup(Markup.Escape(TextOf(given[0]))), 1, Text)
            ),
            ("html.newline_to_br", new OwnFunction(NewlineToBr, 1, Text)),
            (
                "array.join",
                new OwnFunction(
                    Join,
                    2,
                    ("list", typeof(object)),
                    ("delimiter", typeof(string)),
                    ("function", typeof(object))
                )
            ),
            ("array.map", new OwnFunction(Map, 2, ("list", typeof(object)), ("member", typeof(string)))),
            (
                "object.to_json",
                new OwnFunction((context, node, given) => BoundedJson.Of(given[0], context, node), 1, Value)
            ),
            ("object.format", new OwnFunction(FormatObject, 2, Value, Format, Culture)),
            ("math.format", new OwnFunction(FormatNumber, 2, Value, Format, Culture)),
            .. Dates.All,
            .. Patterns.All,
        ];

    /// <summary>An argument as a text; an absent one is empty.</summary>
    public static string TextOf(object? value) => value?.ToString() ?? "";

    private static Markup Include(RenderContext context, ScriptNode caller, ScriptArray given) =>
        new(context.Include(TextOf(given[0]), given, caller));

    private static Markup NewlineToBr(RenderContext context, ScriptNode caller, ScriptArray given) =>
        new(HtmlFunctions.NewlineToBr(context.IsHtml ? Markup.Escape(TextOf(given[0])) : TextOf(given[0])) ?? "");

    // Scriban prints an item without a value as nothing.
    private static string? Join(RenderContext context, ScriptNode caller, ScriptArray given)
    {
        var list = context.ToList(caller.Span, given[0]);
        return list?.Cast<object?>().Contains(null) == true
            ? throw MissingValueException.Of(caller)
            : ArrayFunctions.Join(context, caller.Span, list, (string?)given[1], given[2]);
    }

    // Scriban leaves out the items without the member.
    private static ScriptArray? Map(RenderContext context, ScriptNode caller, ScriptArray given) =>
        context.ToList(caller.Span, given[0]) is { } list
            ? new ScriptArray(list.Cast<object?>().Select(item => MemberOf(context, caller, item, TextOf(given[1]))))
            : null;

    private static object? MemberOf(RenderContext context, ScriptNode caller, object? item, string member)
    {
        context.Budget.Step(caller.Span);
        return
            item is not null
            && context.GetMemberAccessor(item).TryGetValue(context, caller.Span, item, member, out var value)
            ? value
            : null;
    }

    private static string FormatObject(RenderContext context, ScriptNode caller, ScriptArray given) =>
        ObjectFunctions.Format(context, caller.Span, given[0], Bounded(given[1], caller), (string?)given[2]);

    private static string FormatNumber(RenderContext context, ScriptNode caller, ScriptArray given) =>
        MathFunctions.Format(context, caller.Span, given[0], Bounded(given[1], caller), (string?)given[2]);

    private static string Bounded(object? format, ScriptNode caller)
    {
        var text = TextOf(format);
        var digits = text.AsSpan().TrimStart("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
        return
            digits.Length < text.Length
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > MostDigits
            ? throw new RefusedException(caller.Span, $"A number has at most {MostDigits} digits behind its format.")
            : text;
    }
}
