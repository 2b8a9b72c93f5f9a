using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Parsing;

/// <summary>Walks a parsed template without recursion, since a text may nest deeper than a thread's stack.</summary>
internal static class SyntaxTree
{
    /// <summary>Every node in the order of the text, with its depth.</summary>
    public static List<(ScriptNode Node, int Depth)> NodesOf(ScriptNode root)
    {
        var nodes = new List<(ScriptNode, int)>();
        var open = new Stack<(ScriptNode Node, int Depth)>([(root, 0)]);
        while (open.TryPop(out var next))
        {
            nodes.Add(next);
            for (var i = next.Node.ChildrenCount - 1; i >= 0; i--)
            {
                if (next.Node.GetChildren(i) is { } child)
                {
                    open.Push((child, next.Depth + 1));
                }
            }
        }

        return nodes;
    }

    /// <summary>Whether a node is, or lies in, a node of a kind, up to the next function, whose body runs elsewhere.</summary>
    public static bool IsWithin<TNode>(ScriptNode node)
        where TNode : ScriptNode
    {
        for (var parent = node.Parent; parent is not (null or ScriptFunction); parent = parent.Parent)
        {
            if (parent is TNode)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a node lies in a function of the template.</summary>
    public static bool IsInFunction(ScriptNode node)
    {
        var parent = node.Parent;
        while (parent is not (null or ScriptFunction))
        {
            parent = parent.Parent;
        }

        return parent is not null;
    }

    /// <summary>Whether a node reads a variable or a member; Scriban's own interface takes parentheses in too.</summary>
    public static bool IsPath(ScriptNode? node) =>
        node is ScriptVariable or ScriptMemberExpression or ScriptIndexerExpression or ScriptIsEmptyExpression;

    /// <summary>
    /// The names of a path, such as <c>lead.name</c> or <c>lead["name"]</c>; null where the path starts at something else than a
    /// global variable, or a key is not known before the template runs.
    /// </summary>
    public static string? PathOf(ScriptNode? node)
    {
        var names = new Stack<string>();
        while (true)
        {
            switch (node)
            {
                case ScriptVariableGlobal variable:
                    names.Push(variable.Name);
                    return string.Join('.', names);
                case ScriptMemberExpression { Member: { } member } path:
                    names.Push(member.Name);
                    node = path.Target;
                    break;
                case ScriptIndexerExpression { Index: ScriptLiteral { Value: string name } } path:
                    names.Push(name);
                    node = path.Target;
                    break;
                default:
                    return null;
            }
        }
    }

    /// <summary>Whether a pipe gives a node its first argument: <c>x | node</c>. Scriban nests pipes to the right: <c>x | (f | g)</c>.</summary>
    public static bool IsPipedTo(ScriptNode node) =>
        node.Parent switch
        {
            ScriptPipeCall pipe => ReferenceEquals(pipe.To, node) || IsPipedTo(pipe),
            ScriptBinaryExpression binary => ReferenceEquals(binary.Left, node) && IsPipedTo(binary),
            ScriptConditionalExpression choice => ReferenceEquals(choice.Condition, node) && IsPipedTo(choice),
            _ => false,
        };

    /// <summary>The first function of what a pipe leads to.</summary>
    public static ScriptExpression? FirstOf(ScriptExpression? piped)
    {
        while (piped is ScriptPipeCall pipe)
        {
            piped = pipe.From;
        }

        return piped;
    }

    /// <summary>The last function of a pipe, which gives its value.</summary>
    public static ScriptExpression? LastOf(ScriptExpression? piped)
    {
        while (piped is ScriptPipeCall pipe)
        {
            piped = pipe.To;
        }

        return piped;
    }
}
