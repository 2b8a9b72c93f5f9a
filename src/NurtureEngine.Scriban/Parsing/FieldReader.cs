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
        // Records are equal by value; what counts here is which of them is part of which.
        var inner = new HashSet<object>(
            all.OfType<Expression.Member>().Select(member => member.Target),
            ReferenceEqualityComparer.Instance
        );
        return
        [
            .. all.Where(expression => !inner.Contains(expression))
                .Select(expression => (expression.At, Path: PathOf(expression)))
                .Where(read => read.Path is { } path && IsOfModel(path, own))
                .Select(read => source.FaultAt(read.At, read.Path!))
                .Select(place => new FieldRead(place.Message, place.Line, place.Column))
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

    private static bool IsOfModel(string path, HashSet<string> own)
    {
        var root = path.Split('.')[0];
        return root is not ("this" or "empty")
            && !own.Contains(root)
            && !Builtins.IsLibrary(root)
            && Builtins.Find(root) is null;
    }

    private static string? PathOf(Expression expression) =>
        expression switch
        {
            Expression.Variable variable => variable.Name,
            Expression.Member member when PathOf(member.Target) is { } path => $"{path}.{member.Name}",
            _ => null,
        };
}
