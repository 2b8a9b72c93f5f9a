using NurtureEngine.Core.Templating.Functions;
using Scriban.Runtime;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Parsing;

/// <summary>Checks the calls of the library's functions: that there is one of that name, and that the arguments fit.</summary>
internal static class FunctionCheck
{
    private const string WrittenOut =
        "'include' needs the name of a partial, written out: which one it is must be known before a lead is.";

    public static IEnumerable<TemplateFault> Run(IEnumerable<ScriptNode> nodes) =>
        from node in nodes
        let complaint = ComplaintOf(node)
        where complaint is not null
        select Place.Of(node.Span).Fault(complaint + Hint(node));

    private static string? ComplaintOf(ScriptNode node) =>
        node switch
        {
            ScriptFunctionCall { Target: { } target } call when SyntaxTree.PathOf(target) is { } name => Library.Find(
                name
            )
                is { } function
                ? OfCall(name, function, call)
                : null,
            ScriptVariableGlobal
            or ScriptMemberExpression
                when node.Parent is not ScriptMemberExpression { Target: var inner } || !ReferenceEquals(inner, node) =>
                OfName(node),
            _ => null,
        };

    private static string? OfName(ScriptNode node)
    {
        if (SyntaxTree.PathOf(node) is not { } name)
        {
            return null;
        }

        // By another name its functions would escape the rules that go by their names.
        if (Library.IsLibrary(name))
        {
            return $"'{name}' is a library and no value; expected one of {string.Join(", ", Library.NamesIn(name))}.";
        }

        if (name == "include" && !IsTargetOf(node))
        {
            return WrittenOut;
        }

        if (Library.ReasonAgainst(name) is { } reason)
        {
            return $"'{name}' is left out: {reason}.";
        }

        if (Library.Find(name) is { } function)
        {
            // What is called is checked with its arguments; an alias needs none.
            return
                IsTargetOf(node) || node.Parent is ScriptUnaryExpression { Operator: ScriptUnaryOperator.FunctionAlias }
                ? null
                : OfCount(name, function, SyntaxTree.IsPipedTo(node) ? 1 : 0);
        }

        var library = name.Split('.')[0];
        return name.Contains('.', StringComparison.Ordinal) && Library.IsUnknown(name)
            ? $"'{name}' is no known function; expected one of {string.Join(", ", Library.NamesIn(library))}."
            : null;
    }

    private static bool IsTargetOf(ScriptNode node) =>
        node.Parent is ScriptFunctionCall call && ReferenceEquals(call.Target, node);

    private static string? OfCall(string name, IScriptFunctionInfo function, ScriptFunctionCall call)
    {
        var parameters = Library.ParametersOf(function);
        var unknown = call
            .Arguments.OfType<ScriptNamedArgument>()
            .FirstOrDefault(argument => name != "include" && !parameters.Contains(argument.Name?.Name));
        if (unknown is not null)
        {
            return $"'{name}' has no parameter '{unknown.Name?.Name}'; expected one of {string.Join(", ", parameters)}.";
        }

        if (
            name == "include"
            && (SyntaxTree.IsPipedTo(call) || call.Arguments.FirstOrDefault() is not ScriptLiteral { Value: string })
        )
        {
            return WrittenOut;
        }

        if (DateFormats.ComplaintOf(name, call) is { } complaint)
        {
            return complaint;
        }

        // '^' spreads a list whose length is not known before.
        return call.Arguments.Any(argument =>
            argument is ScriptUnaryExpression { Operator: ScriptUnaryOperator.FunctionParametersExpand }
        )
            ? null
            : OfCount(name, function, call.Arguments.Count + (SyntaxTree.IsPipedTo(call) ? 1 : 0));
    }

    private static string? OfCount(string name, IScriptFunctionInfo function, int count) =>
        count >= function.RequiredParameterCount
        && (function.VarParamKind != ScriptVarParamKind.None || count <= function.ParameterCount)
            ? null
            : $"'{name}' got {count} argument(s), what is piped in included; expected {Library.ShapeOf(function)}.";

    // "date.add_days -1" takes one from a function.
    private static string Hint(ScriptNode node) =>
        node.Parent is ScriptBinaryExpression { Operator: ScriptBinaryOperator.Subtract } minus
        && ReferenceEquals(minus.Left, node)
            ? " A negative number stands in parentheses: (-1)."
            : "";
}
