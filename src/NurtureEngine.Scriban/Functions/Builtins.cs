using System.Collections.Frozen;
using System.Globalization;

namespace NurtureEngine.Scriban.Functions;

/// <summary>The functions a pipe may call, under Scriban's names.</summary>
internal static class Builtins
{
    /// <summary>Runs a function on its evaluated arguments; the first is what was piped in.</summary>
    internal delegate object? Body(object?[] arguments, CultureInfo culture);

    private sealed record Function(int Least, int Most, Body Run);

    private static readonly FrozenDictionary<string, Function> All = new Dictionary<string, Function>
    {
        ["date.to_string"] = new(2, 2, DateFunctions.ToText),
        ["string.append"] = new(2, 2, (a, c) => Text(a[0], c) + Text(a[1], c)),
        ["string.capitalize"] = new(1, 1, (a, c) => StringFunctions.Capitalize(Text(a[0], c), c)),
        ["string.downcase"] = new(1, 1, (a, c) => Text(a[0], c).ToLower(c)),
        ["string.prepend"] = new(2, 2, (a, c) => Text(a[1], c) + Text(a[0], c)),
        ["string.replace"] = new(3, 3, (a, c) => StringFunctions.Replace(Text(a[0], c), Text(a[1], c), Text(a[2], c))),
        ["string.strip"] = new(1, 1, (a, c) => Text(a[0], c).Trim()),
        ["string.truncate"] = new(2, 3, (a, c) => StringFunctions.Truncate(Text(a[0], c), a, c)),
        ["string.upcase"] = new(1, 1, (a, c) => Text(a[0], c).ToUpper(c)),
    }.ToFrozenDictionary();

    /// <summary>What is wrong with a call of this name and number of arguments, or null where it is right.</summary>
    public static string? Check(string name, int count)
    {
        if (!All.TryGetValue(name, out var function))
        {
            return $"'{name}' is no known function; expected one of {string.Join(", ", All.Keys.Order(StringComparer.Ordinal))}.";
        }

        return count >= function.Least && count <= function.Most
            ? null
            : $"'{name}' got {count - 1} argument(s) behind the pipe; expected {Expected(function)}.";
    }

    public static object? Run(string name, object?[] arguments, CultureInfo culture) =>
        All[name].Run(arguments, culture);

    /// <summary>A value as it is printed: null is the empty text, numbers and dates follow the culture.</summary>
    public static string Text(object? value, CultureInfo culture) =>
        value switch
        {
            null => "",
            string text => text,
            bool truth => truth ? "true" : "false",
            IFormattable formattable => formattable.ToString(null, culture),
            _ => value.ToString() ?? "",
        };

    private static string Expected(Function function) =>
        function.Least == function.Most ? $"{function.Least - 1}" : $"{function.Least - 1} to {function.Most - 1}";
}
