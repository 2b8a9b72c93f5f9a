using System.Collections.Immutable;

namespace NurtureEngine.Scriban.Syntax;

/// <summary>One statement of a template; <paramref name="At"/> is the offset of its first character.</summary>
internal abstract record Statement(int At)
{
    internal sealed record Text(int At, string Value) : Statement(At);

    /// <summary>An expression whose value is printed; each line behind its first begins with the indent of its block.</summary>
    internal sealed record Output(int At, Expression Value, string Indent) : Statement(At);

    /// <summary><c>target = value</c>, or with an operator: <c>target += value</c>.</summary>
    internal sealed record Assign(int At, Expression Target, string? Operator, Expression Value) : Statement(At);

    /// <summary>Branches in order; the last condition is null for <c>else</c>.</summary>
    internal sealed record If(int At, ImmutableArray<(Expression? Condition, ImmutableArray<Statement> Body)> Branches)
        : Statement(At);

    internal sealed record Case(
        int At,
        Expression Subject,
        ImmutableArray<(ImmutableArray<Expression> Matches, ImmutableArray<Statement> Body)> Branches,
        ImmutableArray<Statement> Else
    ) : Statement(At);

    internal sealed record For(
        int At,
        Expression Target,
        Expression Source,
        Expression? Offset,
        Expression? Limit,
        bool IsReversed,
        ImmutableArray<Statement> Body,
        ImmutableArray<Statement> Else
    ) : Statement(At);

    internal sealed record While(int At, Expression Condition, ImmutableArray<Statement> Body) : Statement(At);

    internal sealed record Capture(int At, Expression Target, ImmutableArray<Statement> Body) : Statement(At);

    internal sealed record With(int At, Expression Object, ImmutableArray<Statement> Body) : Statement(At);

    internal sealed record Wrap(int At, Expression.Call Call, ImmutableArray<Statement> Body) : Statement(At);

    internal sealed record Function(int At, FunctionDeclaration Declaration) : Statement(At)
    {
        /// <summary>The variable that holds it; a local one where its name begins with a dollar sign.</summary>
        public Expression Target { get; } =
            Declaration.Name.StartsWith('$')
                ? new Expression.Local(At, Declaration.Name)
                : new Expression.Variable(At, Declaration.Name);
    }

    internal sealed record Import(int At, Expression Object) : Statement(At);

    internal sealed record ReadOnly(int At, Expression Target) : Statement(At);

    internal sealed record Return(int At, Expression? Value) : Statement(At);

    internal sealed record Break(int At) : Statement(At);

    internal sealed record Continue(int At) : Statement(At);
}
