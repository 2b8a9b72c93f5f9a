using System.Collections.Frozen;

namespace NurtureEngine.Scriban.Parsing;

/// <summary>The words that begin or end statements.</summary>
internal static class Keywords
{
    public static FrozenSet<string> Reserved { get; } =
        new[]
        {
            "break",
            "capture",
            "case",
            "continue",
            "else",
            "end",
            "for",
            "func",
            "if",
            "import",
            "in",
            "readonly",
            "ret",
            "tablerow",
            "when",
            "while",
            "with",
            "wrap",
        }.ToFrozenSet();
}
