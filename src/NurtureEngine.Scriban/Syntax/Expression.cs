using System.Collections.Immutable;
using NurtureEngine.Scriban.Evaluation.Objects;
using NurtureEngine.Scriban.Functions;

namespace NurtureEngine.Scriban.Syntax;

/// <summary>One expression; <paramref name="At"/> is the offset of its first character in the source.</summary>
internal abstract record Expression(int At)
{
    /// <summary>A string, a number, a Boolean or null.</summary>
    internal sealed record Literal(int At, object? Value) : Expression(At);

    /// <summary><c>$"text {expression} text"</c>: texts and expressions in turn.</summary>
    internal sealed record Interpolation(int At, ImmutableArray<Expression> Parts) : Expression(At);

    /// <summary>A variable, <c>this</c> included. Absent is the value of a name that nothing has.</summary>
    internal sealed record Variable(int At, string Name) : Expression(At)
    {
        public Absent Absent { get; } = new(Name, At);
    }

    /// <summary><c>$name</c>; <c>$</c> alone is the list of arguments, <c>$$</c> the wrapped block.</summary>
    internal sealed record Local(int At, string Name) : Expression(At);

    /// <summary><c>for.index</c> and its like, of the innermost loop of that kind.</summary>
    internal sealed record Loop(int At, string Kind, string Property) : Expression(At);

    /// <summary><c>target.name</c>, or <c>target?.name</c>, which is null where the target is.</summary>
    internal sealed record Member(int At, Expression Target, string Name, bool IsOptional) : Expression(At)
    {
        private Absent? _absent;

        /// <summary>What it is where nothing has it. Made when it is asked for, since a path may be long and is seldom needed.</summary>
        public Absent Absent => _absent ??= new(PathOf(Target) + "." + Name, At);

        /// <summary>Whether it looks like a function of the language, such as <c>string.upcase</c>.</summary>
        public bool IsLibrary { get; } = Target is Variable library && Builtins.IsLibrary(library.Name);
    }

    internal sealed record Index(int At, Expression Target, Expression Key) : Expression(At)
    {
        private Absent? _absent;

        /// <summary>What it is where there is no such item.</summary>
        public Absent Absent => _absent ??= new(PathOf(this), At);
    }

    internal sealed record Unary(int At, string Operator, Expression Operand) : Expression(At);

    /// <summary><c>++x</c>, <c>x--</c> and so on.</summary>
    internal sealed record Increment(int At, Expression Target, int By, bool IsPrefix) : Expression(At);

    internal sealed record Binary(int At, string Operator, Expression Left, Expression Right) : Expression(At);

    internal sealed record Conditional(int At, Expression Condition, Expression Then, Expression Else) : Expression(At);

    /// <summary>A call; what is piped in is the first of the arguments.</summary>
    internal sealed record Call(int At, Expression Function, ImmutableArray<Argument> Arguments) : Expression(At);

    internal sealed record ArrayLiteral(int At, ImmutableArray<Expression> Items) : Expression(At);

    internal sealed record ObjectLiteral(int At, ImmutableArray<(string Name, Expression Value)> Members)
        : Expression(At);

    /// <summary><c>do … end</c>: a function without a name.</summary>
    internal sealed record Anonymous(int At, FunctionDeclaration Declaration) : Expression(At);

    // In a loop: a path may be as long as a template.
    private static string PathOf(Expression expression)
    {
        var parts = new Stack<string>();
        while (true)
        {
            switch (expression)
            {
                case Member member:
                    parts.Push("." + member.Name);
                    expression = member.Target;
                    break;
                case Index index:
                    parts.Push($"[{(index.Key as Literal)?.Value}]");
                    expression = index.Target;
                    break;
                default:
                    parts.Push(
                        expression is Variable variable ? variable.Name
                        : expression is Local local ? local.Name
                        : "value"
                    );
                    return string.Concat(parts);
            }
        }
    }
}

/// <summary>An argument of a call; the name is null where it is given by its position.</summary>
internal sealed record Argument(string? Name, Expression Value);

/// <summary>
/// A function's parameters and body. Null parameters: a simple function, which reads its arguments from <c>$</c>.
/// </summary>
internal sealed record FunctionDeclaration(
    int At,
    string Name,
    ImmutableArray<Parameter>? Parameters,
    ImmutableArray<Statement> Body
)
{
    /// <summary>The name of a function without one.</summary>
    public const string Anonymous = "do";

    public bool IsAnonymous => Name == Anonymous;
}

/// <summary>A parameter; a default makes it optional, and a variable one takes all arguments that are left.</summary>
internal sealed record Parameter(string Name, Expression? Default, bool IsVariable);
