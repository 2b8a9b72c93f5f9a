namespace NurtureEngine.Scriban.Syntax;

internal enum TokenKind
{
    /// <summary>A run of text between code blocks.</summary>
    Text,
    Identifier,

    /// <summary><c>$name</c>, <c>$0</c>, <c>$</c> or <c>$$</c>, with the dollar signs.</summary>
    Local,
    String,

    /// <summary>The inside of <c>$"…"</c>, not yet taken apart.</summary>
    Interpolated,
    Number,

    /// <summary>An operator or a punctuation mark, by its text.</summary>
    Symbol,

    /// <summary>The end of a statement: a line break, a semicolon or the edge of a code block.</summary>
    EndOfStatement,
    End,
}

/// <summary>
/// One word of a template. <paramref name="Value"/> is the text as it counts, so without quotes and escapes;
/// <paramref name="IsSpaced"/> says whether white space stands before it, which tells <c>f [1]</c> from <c>f[1]</c>.
/// </summary>
internal readonly record struct Token(TokenKind Kind, int At, string Value, bool IsSpaced)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Value == symbol;

    public bool IsWord(string word) => Kind == TokenKind.Identifier && Value == word;

    public string Shown =>
        Kind switch
        {
            TokenKind.End => "the end of the template",
            TokenKind.EndOfStatement => Value == "}}" ? "the end of the block" : "the end of the statement",
            TokenKind.Text => "text",
            _ => $"'{Value}'",
        };
}
