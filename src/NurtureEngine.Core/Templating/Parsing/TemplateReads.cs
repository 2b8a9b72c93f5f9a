using System.Collections.Immutable;
using NurtureEngine.Core.Templating.Functions;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Parsing;

/// <summary>
/// What a template reads, known without rendering it: the fields of the model, the partials, and where <c>html.raw</c> is used. A name
/// that the template gives a value itself is its own and not the model's.
/// </summary>
internal sealed record TemplateReads(
    ImmutableArray<FieldRead> Fields,
    ImmutableArray<FieldRead> Includes,
    ImmutableArray<FieldRead> RawFilters
)
{
    // Names of the language, which no model gives.
    private static readonly string[] Reserved = ["this", "for", "while", "tablerow", "continue"];

    public static TemplateReads Of(ScriptPage page)
    {
        var nodes = SyntaxTree.NodesOf(page).ConvertAll(node => node.Node);
        var paths = nodes.Where(IsWholePath).Select(node => (Node: node, Path: SyntaxTree.PathOf(node))).ToList();
        var own = nodes.Select(NameGiven).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var hasImport = nodes.Exists(node => node is ScriptImportStatement);
        return new TemplateReads(
            [
                .. from read in paths
                where read.Path is not null && IsOfModel(read.Path, own) && !IsGiven(read.Node)
                select Place
                    .Of(read.Node.Span)
                    .Read(read.Path, hasImport || SyntaxTree.IsWithin<ScriptWithStatement>(read.Node)),
            ],
            [
                .. from call in nodes.OfType<ScriptFunctionCall>()
                where SyntaxTree.PathOf(call.Target) == "include"
                select Place
                    .Of(call.Span)
                    .Read((call.Arguments.FirstOrDefault() as ScriptLiteral)?.Value as string ?? ""),
            ],
            [.. from read in paths where read.Path == "html.raw" select Place.Of(read.Node.Span).Read(read.Path)]
        );
    }

    /// <summary>Whether a node is a path, and no part of a longer one.</summary>
    public static bool IsWholePath(ScriptNode node) =>
        node is ScriptVariableGlobal or ScriptMemberExpression or ScriptIndexerExpression
        && node.Parent switch
        {
            ScriptMemberExpression member => !ReferenceEquals(member.Target, node)
                && !ReferenceEquals(member.Member, node),
            ScriptIndexerExpression { Index: ScriptLiteral { Value: string } } indexer => !ReferenceEquals(
                indexer.Target,
                node
            ),
            _ => true,
        };

    private static bool IsOfModel(string path, HashSet<string> own)
    {
        var root = path.Split('.')[0];
        return !Reserved.Contains(root) && !own.Contains(root) && !Library.Has(root);
    }

    private static bool IsGiven(ScriptNode node) =>
        node.Parent is ScriptNamedArgument { Name: var name } && ReferenceEquals(name, node)
        || node.Parent is ScriptObjectMember { Name: var member } && ReferenceEquals(member, node);

    private static string? NameGiven(ScriptNode node) =>
        node switch
        {
            ScriptAssignExpression assign => Name(assign.Target),
            ScriptCaptureStatement capture => Name(capture.Target),
            ScriptForStatement loop => Name(loop.Variable),
            ScriptFunction function => Name(function.NameOrDoToken),
            ScriptParameter parameter => parameter.Name?.Name,
            ScriptIncrementDecrementExpression change => Name(change.Right),
            _ => null,
        };

    private static string? Name(ScriptNode? target) => (target as ScriptVariableGlobal)?.Name;
}
