using System.Collections.Frozen;
using NurtureEngine.Scriban.Functions.Dates;

namespace NurtureEngine.Scriban.Functions;

/// <summary>All of the language's own functions, under Scriban's names.</summary>
internal static class Builtins
{
    private static readonly FrozenDictionary<string, Builtin> All = new[]
    {
        StringFunctions.All,
        StringFormFunctions.All,
        ArrayFunctions.All,
        MathFunctions.All,
        ObjectFunctions.All,
        HtmlFunctions.All,
        RegexFunctions.All,
        DateFunctions.All,
        TimeSpanFunctions.All,
    }
        .SelectMany(functions => functions)
        .ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    private static readonly FrozenSet<string> Libraries = All
        .Keys.Where(name => name.Contains('.', StringComparison.Ordinal))
        .Select(name => name[..name.IndexOf('.', StringComparison.Ordinal)])
        .ToFrozenSet(StringComparer.Ordinal);

    public static IEnumerable<string> Names => All.Keys;

    public static Builtin? Find(string name) => All.GetValueOrDefault(name);

    public static bool IsLibrary(string name) => Libraries.Contains(name);

    public static IEnumerable<string> NamesIn(string library) =>
        All.Keys.Where(name => name.StartsWith(library + ".", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
}
