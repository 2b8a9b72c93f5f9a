namespace NurtureEngine.Scriban.Syntax;

internal enum TokenKind
{
    Identifier,
    Text,
    Number,
    Dot,
    Pipe,
    Fallback,
    Comma,
    OpenParenthesis,
    CloseParenthesis,
    End,
}

/// <summary>One word of a code block; <paramref name="Value"/> is the text as it counts, so without quotes and escapes.</summary>
internal readonly record struct Token(TokenKind Kind, int At, string Value);
