using System.Collections.Frozen;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Parsing;

/// <summary>Checks the written-out formats of dates: of a letter that it does not know Scriban prints the letter, without a word.</summary>
internal static class DateFormats
{
    private static readonly FrozenSet<string> Functions = new[]
    {
        "date.to_string",
        "date.parse_to_string",
        "date.parse",
    }.ToFrozenSet(StringComparer.Ordinal);

    // Scriban 7.5, "date.to_string".
    private const string Known = "aAbBcCdDeFgGhHIjklLmMnNpPrRsStTuUvVWwxXyYZ%";

    // strftime's sign for "without a zero in front" is no letter; some of what is meant by it has one of its own.
    private static readonly Dictionary<char, string> Bare = new()
    {
        ['d'] = "'%e' (the day with a blank for the zero)",
        ['H'] = "'%k' (the hour with a blank for the zero)",
        ['I'] = "'%l' (the hour of twelve with a blank for the zero)",
        ['m'] = "'%m'; there is no month without a zero",
    };

    /// <summary>What is wrong with the format that a call is given; null where nothing is, or it is not written out.</summary>
    public static string? ComplaintOf(string function, ScriptFunctionCall call) =>
        !Functions.Contains(function)
            ? null
            : call
                .Arguments.Select(argument => argument is ScriptNamedArgument named ? named.Value : argument)
                .OfType<ScriptLiteral>()
                .Select(literal => literal.Value)
                .OfType<string>()
                .Select(ComplaintOf)
                .FirstOrDefault(complaint => complaint is not null);

    private static string? ComplaintOf(string format)
    {
        for (var i = format.IndexOf('%'); i >= 0 && i + 1 < format.Length; i = format.IndexOf('%', i + 2))
        {
            var letter = format[i + 1];
            if (letter is '-' or '_' or '^' or '#' or '0' && i + 2 < format.Length)
            {
                return $"the format '%{letter}{format[i + 2]}' is not known to Scriban; expected {Bare.GetValueOrDefault(format[i + 2], $"'%{format[i + 2]}'")}.";
            }

            if (!Known.Contains(letter, StringComparison.Ordinal))
            {
                return $"the format '%{letter}' is not known to Scriban; expected one of its letters: {string.Join(' ', Known.ToCharArray())}.";
            }

            if (i + 2 >= format.Length)
            {
                break;
            }
        }

        return null;
    }
}
