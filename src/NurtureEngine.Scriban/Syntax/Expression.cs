using System.Collections.Immutable;

namespace NurtureEngine.Scriban.Syntax;

/// <summary>One expression; <paramref name="At"/> is the offset of its first character in the source.</summary>
internal abstract record Expression(int At)
{
    /// <summary>A string, a <see cref="decimal"/>, a Boolean or null.</summary>
    internal sealed record Literal(int At, object? Value) : Expression(At);

    /// <summary>A field of the model, such as <c>lead.first_name</c>.</summary>
    internal sealed record Path(int At, ImmutableArray<string> Names) : Expression(At)
    {
        public override string ToString() => string.Join('.', Names);
    }

    /// <summary><c>left ?? right</c>: the right side where the left is missing or null.</summary>
    internal sealed record Fallback(int At, Expression Left, Expression Right) : Expression(At);

    /// <summary>A built-in function; a pipe puts its left side in front of the arguments.</summary>
    internal sealed record Call(int At, string Function, ImmutableArray<Expression> Arguments) : Expression(At);
}
