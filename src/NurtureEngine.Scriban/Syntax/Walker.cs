namespace NurtureEngine.Scriban.Syntax;

/// <summary>Goes through all expressions of a template, those within others included.</summary>
internal static class Walker
{
    public static IEnumerable<Expression> All(IEnumerable<Statement> statements) =>
        statements.SelectMany(Of).SelectMany(Within);

    private static IEnumerable<Expression> Within(Expression expression) =>
        Inside(expression).SelectMany(Within).Prepend(expression);

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
