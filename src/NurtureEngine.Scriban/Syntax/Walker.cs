namespace NurtureEngine.Scriban.Syntax;

/// <summary>Goes through all expressions of a template, those within others included.</summary>
internal static class Walker
{
    public static IEnumerable<Expression> All(IEnumerable<Statement> statements) =>
        statements.SelectMany(Of).SelectMany(Within);

    /// <summary>The plain names that the template gives values to: variables, loop variables, functions and their parameters.</summary>
    public static IEnumerable<string> NamesGiven(IEnumerable<Statement> statements)
    {
        foreach (var statement in Nested(statements))
        {
            var target = statement switch
            {
                Statement.Assign assign => assign.Target,
                Statement.For loop => loop.Target,
                Statement.Capture capture => capture.Target,
                _ => null,
            };
            if (target is Expression.Variable variable)
            {
                yield return variable.Name;
            }
            else if (target is Expression.Member { Target: Expression.Variable { Name: "this" } } member)
            {
                yield return member.Name;
            }

            foreach (
                var name in statement is Statement.Function { Declaration: var declaration } ? Names(declaration) : []
            )
            {
                yield return name;
            }
        }
    }

    private static IEnumerable<string> Names(FunctionDeclaration declaration) =>
        (declaration.Parameters ?? []).Select(parameter => parameter.Name).Prepend(declaration.Name);

    /// <summary>All statements, those within others too.</summary>
    public static IEnumerable<Statement> Nested(IEnumerable<Statement> statements) => statements.SelectMany(Statements);

    private static IEnumerable<Statement> Statements(Statement statement) =>
        Bodies(statement).SelectMany(Statements).Prepend(statement);

    private static IEnumerable<Statement> Bodies(Statement statement) =>
        statement switch
        {
            Statement.If choice => choice.Branches.SelectMany(branch => branch.Body),
            Statement.Case choice => choice.Branches.SelectMany(branch => branch.Body).Concat(choice.Else),
            Statement.For loop => loop.Body.Concat(loop.Else),
            Statement.While loop => loop.Body,
            Statement.Capture capture => capture.Body,
            Statement.With with => with.Body,
            Statement.Wrap wrap => wrap.Body,
            Statement.Function function => function.Declaration.Body,
            _ => [],
        };

    // With a stack of its own: an expression may be a chain of a thousand links.
    private static IEnumerable<Expression> Within(Expression root)
    {
        var next = new Stack<Expression>([root]);
        while (next.TryPop(out var expression))
        {
            yield return expression;
            foreach (var inner in Inside(expression).Reverse())
            {
                next.Push(inner);
            }
        }
    }

    // The expressions of a statement, in the order they are written, with those of the statements within it.
    private static IEnumerable<Expression> Of(Statement statement) =>
        statement switch
        {
            Statement.Output output => [output.Value],
            Statement.Assign assign => [assign.Target, assign.Value],
            Statement.If choice => choice.Branches.SelectMany(branch =>
                Optional(branch.Condition).Concat(branch.Body.SelectMany(Of))
            ),
            Statement.Case choice => choice
                .Branches.SelectMany(branch => branch.Matches.Concat(branch.Body.SelectMany(Of)))
                .Prepend(choice.Subject)
                .Concat(choice.Else.SelectMany(Of)),
            Statement.For loop => Optional(loop.Offset)
                .Concat(Optional(loop.Limit))
                .Prepend(loop.Source)
                .Prepend(loop.Target)
                .Concat(loop.Body.SelectMany(Of))
                .Concat(loop.Else.SelectMany(Of)),
            Statement.While loop => loop.Body.SelectMany(Of).Prepend(loop.Condition),
            Statement.Capture capture => capture.Body.SelectMany(Of).Prepend(capture.Target),
            Statement.With with => with.Body.SelectMany(Of).Prepend(with.Object),
            Statement.Wrap wrap => wrap.Body.SelectMany(Of).Prepend(wrap.Call),
            Statement.Function function => Of(function.Declaration),
            Statement.Import import => [import.Object],
            Statement.ReadOnly readOnly => [readOnly.Target],
            Statement.Return result => Optional(result.Value),
            _ => [],
        };

    private static IEnumerable<Expression> Inside(Expression expression) =>
        expression switch
        {
            Expression.Interpolation interpolation => interpolation.Parts,
            Expression.Member member => [member.Target],
            Expression.Index index => [index.Target, index.Key],
            Expression.Unary unary => [unary.Operand],
            Expression.Increment increment => [increment.Target],
            Expression.Binary binary => [binary.Left, binary.Right],
            Expression.Conditional conditional => [conditional.Condition, conditional.Then, conditional.Else],
            Expression.Call call => call.Arguments.Select(argument => argument.Value).Prepend(call.Function),
            Expression.ArrayLiteral list => list.Items,
            Expression.ObjectLiteral entity => entity.Members.Select(member => member.Value),
            Expression.Anonymous anonymous => Of(anonymous.Declaration),
            _ => [],
        };

    private static IEnumerable<Expression> Of(FunctionDeclaration declaration) =>
        (declaration.Parameters ?? [])
            .SelectMany(parameter => Optional(parameter.Default))
            .Concat(declaration.Body.SelectMany(Of));

    private static IEnumerable<Expression> Optional(Expression? expression) => expression is null ? [] : [expression];
}
