using System.Collections.Immutable;
using NurtureEngine.Scriban.Functions;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Parsing;

/// <summary>
/// Lists what a template reads from its model, without rendering it: each path up to where it is indexed or called. A name
/// that the template gives a value itself is its own and not the model's.
/// </summary>
internal static class FieldReader
{
    public static ImmutableArray<FieldRead> Read(ImmutableArray<Statement> statements, SourceText source)
    {
        var all = Walker.All(statements).ToList();
        var own = new HashSet<string>(Walker.NamesGiven(statements), StringComparer.Ordinal);
        var every = Walker.Nested(statements).ToList();
        var hasImport = every.Exists(statement => statement is Statement.Import);
        var within = new HashSet<object>(
            every.OfType<Statement.With>().SelectMany(with => Walker.All(with.Body)),
            ReferenceEqualityComparer.Instance
        );
        // Records are equal by value; what counts here is which of them is part of which.
        var inner = new HashSet<object>(
            all.Select(expression =>
                    expression switch
                    {
                        Expression.Member member => member.Target,
                        Expression.Index { Key: Expression.Literal { Value: string } } index => index.Target,
                        _ => null,
                    }
                )
                .OfType<Expression>(),
            ReferenceEqualityComparer.Instance
        );
        return
        [
            .. all.Where(expression => !inner.Contains(expression))
                .Select(expression =>
                    (expression.At, Path: PathOf(expression), MayBeOwn: hasImport || within.Contains(expression))
                )
                .Where(read => read.Path is { } path && IsOfModel(path, own))
                .Select(read => (Place: source.FaultAt(read.At, read.Path!), read.MayBeOwn))
                .Select(read => new FieldRead(read.Place.Message, read.Place.Line, read.Place.Column, read.MayBeOwn))
                .Distinct(),
        ];
    }

    /// <summary>The names that <c>include</c> is called with.</summary>
    public static ImmutableArray<FieldRead> Includes(ImmutableArray<Statement> statements, SourceText source) =>
        [
            .. Walker
                .All(statements)
                .OfType<Expression.Call>()
                .Where(FunctionCheck.IsInclude)
                .Select(call =>
                    (
                        call.At,
                        Name: ((call.Arguments.FirstOrDefault()?.Value as Expression.Literal)?.Value as string) ?? ""
                    )
                )
                .Select(include => source.FaultAt(include.At, include.Name))
                .Select(place => new FieldRead(place.Message, place.Line, place.Column)),
        ];

    /// <summary>Where <c>html.raw</c> is used, or passed on as a function.</summary>
    public static ImmutableArray<FieldRead> RawFilters(ImmutableArray<Statement> statements, SourceText source) =>
        [
            .. Walker
                .All(statements)
                .OfType<Expression.Member>()
                .Where(member => member is { Name: "raw", Target: Expression.Variable { Name: "html" } })
                .Select(member => source.FaultAt(member.At, "html.raw"))
                .Select(place => new FieldRead(place.Message, place.Line, place.Column)),
        ];

    private static bool IsOfModel(string path, HashSet<string> own)
    {
        var root = path.Split('.')[0];
        return root is not ("this" or "empty")
            && !own.Contains(root)
            && !Builtins.IsLibrary(root)
            && Builtins.Find(root) is null;
    }

    // A name written out in brackets is a name too; any other key is not known before. In a loop: a path may be as long as a
    // template.
    private static string? PathOf(Expression expression)
    {
        var parts = new Stack<string>();
        while (true)
        {
            switch (expression)
            {
                case Expression.Variable variable:
                    parts.Push(variable.Name);
                    return string.Join('.', parts);
                case Expression.Member member:
                    parts.Push(member.Name);
                    expression = member.Target;
                    break;
                case Expression.Index { Key: Expression.Literal { Value: string name } } index:
                    parts.Push(name);
                    expression = index.Target;
                    break;
                default:
                    return null;
            }
        }
    }
}
