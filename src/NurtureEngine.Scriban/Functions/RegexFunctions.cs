using System.Text.RegularExpressions;
using NurtureEngine.Scriban.Evaluation;
using NurtureEngine.Scriban.Evaluation.Objects;
using static NurtureEngine.Scriban.Functions.Builtin;

namespace NurtureEngine.Scriban.Functions;

/// <summary><c>regex.*</c>, each search bounded in time.</summary>
internal static class RegexFunctions
{
    private const int MaxPattern = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    public static Builtin[] All { get; } =
    [
        Of("regex.escape pattern", call => Regex.Escape(call.Text(0))),
        Of("regex.unescape pattern", call => Safely(call, () => Regex.Unescape(call.Text(0)))),
        Of(
            "regex.match text pattern [options]",
            call => Safely(call, () => Groups(Pattern(call, 1, 2).Match(call.Text(0))))
        ),
        Of("regex.matches text pattern [options]", call => Safely(call, () => AllMatches(call))),
        Of("regex.replace text pattern replace [options]", call => Safely(call, () => Replaced(call))),
        Of(
            "regex.split text pattern [options]",
            call => Safely(call, () => new ScriptArray(Pattern(call, 1, 2).Split(call.Text(0))))
        ),
    ];

    // One by one: each search has its own patience, and there may be many.
    private static ScriptArray AllMatches(Invocation call)
    {
        var found = new List<object?>();
        for (var match = Pattern(call, 1, 2).Match(call.Text(0)); match.Success; match = match.NextMatch())
        {
            call.Renderer.Budget.LookAtTime(call.At);
            found.Add(Groups(match));
        }

        return ScriptArray.Over(found);
    }

    private static string Replaced(Invocation call)
    {
        const int most = 1_000_000;
        var (replacement, length) = (call.Text(2), 0L);
        return Pattern(call, 1, 3)
            .Replace(
                call.Text(0),
                match =>
                {
                    var text = match.Result(replacement);
                    length += text.Length;
                    return length <= most
                        ? text
                        : throw call.Exceeded($"The text would be longer than {most} characters.");
                }
            );
    }

    private static ScriptArray Groups(Match match) =>
        match.Success ? new ScriptArray(match.Groups.Values.Select(group => (object?)group.Value)) : new ScriptArray();

    private static Regex Pattern(Invocation call, int pattern, int options)
    {
        var text = call.Text(pattern);
        if (text.Length > MaxPattern)
        {
            throw call.Failure($"A pattern has at most {MaxPattern} characters.");
        }

        var chosen = RegexOptions.CultureInvariant;
        foreach (var option in call.Text(options, ""))
        {
            chosen |= option switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                's' => RegexOptions.Singleline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                _ => throw call.Failure($"'{option}' is no option of a pattern; expected i, m, s or x."),
            };
        }

        call.Renderer.Budget.LookAtTime(call.At);
        return new Regex(text, chosen, Patience);
    }

    private static object? Safely(Invocation call, Func<object?> search)
    {
        try
        {
            return search();
        }
        catch (RegexMatchTimeoutException)
        {
            throw new ScriptFailure($"The pattern searched for longer than {Patience.TotalMilliseconds} ms.", call.At)
            {
                IsBound = true,
            };
        }
        catch (ArgumentException)
        {
            throw call.Failure("The pattern is no regular expression.");
        }
    }
}
