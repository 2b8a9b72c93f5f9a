using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Parsing;

/// <summary>Refuses what nests deeper than a rendering may: Scriban evaluates by recursion.</summary>
internal static class NestingCheck
{
    private const int MaxDepth = 2_500;
    private const int MaxPath = 100;

    public static IEnumerable<TemplateFault> Run(List<(ScriptNode Node, int Depth)> nodes)
    {
        if (nodes.Find(node => node.Depth > MaxDepth).Node is { } deep)
        {
            yield return Place.Of(deep.Span).Fault($"The template is nested more than {MaxDepth} levels deep.");
        }

        var path = nodes.Find(node =>
            node.Node is ScriptMemberExpression or ScriptIndexerExpression && IsLong(node.Node)
        );
        if (path.Node is { } long_)
        {
            yield return Place.Of(long_.Span).Fault($"The path has more than {MaxPath} parts.");
        }
    }

    private static bool IsLong(ScriptNode node)
    {
        for (var parts = 1; parts <= MaxPath; parts++)
        {
            var target = node switch
            {
                ScriptMemberExpression member => member.Target,
                ScriptIndexerExpression indexer => indexer.Target,
                _ => null,
            };
            if (target is null)
            {
                return false;
            }

            node = target;
        }

        return true;
    }
}
