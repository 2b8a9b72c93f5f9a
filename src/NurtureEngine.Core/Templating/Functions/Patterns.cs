using System.Text.RegularExpressions;
using NurtureEngine.Core.Templating.Rendering;
using Scriban.Runtime;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Functions;

/// <summary>
/// <c>regex.*</c> within the rendering's bounds: Scriban bounds the time of one match, and neither the number of matches nor the length of what
/// they are replaced by.
/// </summary>
internal static class Patterns
{
    private static readonly (string, Type) Text = ("text", typeof(string));
    private static readonly (string, Type) Pattern = ("pattern", typeof(string));
    private static readonly (string, Type) Options = ("options", typeof(string));

    public static IEnumerable<(string Name, OwnFunction Function)> All =>
        [
            ("regex.matches", new OwnFunction(Matches, 2, Text, Pattern, Options)),
            ("regex.replace", new OwnFunction(Replace, 3, Text, Pattern, ("replace", typeof(string)), Options)),
        ];

    private static ScriptArray Matches(RenderContext context, ScriptNode caller, ScriptArray given)
    {
        var matches = new ScriptArray();
        var regex = new Regex(TextOf(given, 1), OptionsOf(given[2]), context.RegexTimeOut);
        for (var match = regex.Match(TextOf(given, 0)); match.Success; match = match.NextMatch())
        {
            context.Budget.Step(caller.Span);
            context.Budget.LookAtTime(caller.Span);
            matches.Add(
                new ScriptArray(match.Groups.Values.Select(group => context.Budget.Charged(group.Value, caller.Span)))
            );
        }

        return matches;
    }

    private static string Replace(RenderContext context, ScriptNode caller, ScriptArray given)
    {
        var replacement = TextOf(given, 2);
        var length = 0L;
        return new Regex(TextOf(given, 1), OptionsOf(given[3]), context.RegexTimeOut).Replace(
            TextOf(given, 0),
            match =>
            {
                var made = match.Result(replacement);
                context.Budget.Step(caller.Span);
                context.Budget.LookAtTime(caller.Span);
                Budget.CheckLength(length += made.Length, caller.Span);
                return made;
            }
        );
    }

    private static string TextOf(ScriptArray given, int index) => OwnFunctions.TextOf(given[index]);

    /// <summary>The option characters that Scriban documents for <c>regex.*</c>.</summary>
    private static RegexOptions OptionsOf(object? characters) =>
        OwnFunctions
            .TextOf(characters)
            .Aggregate(
                RegexOptions.None,
                (options, character) =>
                    options
                    | character switch
                    {
                        'i' => RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
                        'm' => RegexOptions.Multiline,
                        's' => RegexOptions.Singleline,
                        'x' => RegexOptions.IgnorePatternWhitespace,
                        _ => RegexOptions.None,
                    }
            );
}
