using System.Collections.Immutable;
using NurtureEngine.Scriban.Functions;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Parsing;

/// <summary>Checks the calls of the language's own functions: that there is one of that name, and that the arguments fit.</summary>
internal static class FunctionCheck
{
    public static void Run(ImmutableArray<Statement> statements, SourceText source, ICollection<ScribanFault> faults)
    {
        var all = Walker.All(statements).ToList();
        // What is called, or passed on as a function, needs no arguments where it stands.
        var given = new HashSet<object>(all.Select(Given).OfType<Expression>(), ReferenceEqualityComparer.Instance);
        // "date.add_days -1" takes one from a function.
        var lessened = new HashSet<object>(
            all.OfType<Expression.Binary>().Where(binary => binary.Operator == "-").Select(binary => binary.Left),
            ReferenceEqualityComparer.Instance
        );
        foreach (var expression in all)
        {
            var complaint = expression switch
            {
                Expression.Unary { Operator: "@", Operand: Expression.Variable { Name: "include" } } => WrittenOut,
                Expression.Call call when NameOf(call.Function) is { } name => Builtins.Find(name) is { } builtin
                    ? Complaint(builtin, call)
                    : null,
                Expression.Variable or Expression.Member when NameOf(expression) is { } name => UnknownOrBare(
                    name,
                    isGiven: given.Contains(expression)
                ),
                _ => null,
            };
            if (complaint is not null)
            {
                var hint = lessened.Contains(expression) ? " A negative number stands in parentheses: (-1)." : "";
                faults.Add(source.FaultAt(expression.At, complaint + hint));
            }
        }
    }

    public static bool IsInclude(Expression.Call call) => call.Function is Expression.Variable { Name: "include" };

    private const string WrittenOut =
        "'include' needs the name of a partial, written out: which one it is must be known before a lead is.";

    private static Expression? Given(Expression expression) =>
        expression switch
        {
            Expression.Call call => call.Function,
            Expression.Unary { Operator: "@" } alias => alias.Operand,
            _ => null,
        };

    private static string? UnknownOrBare(string name, bool isGiven)
    {
        if (RefusedFunctions.ReasonFor(name) is { } reason)
        {
            return $"'{name}' is left out: {reason}.";
        }

        if (Builtins.Find(name) is { } builtin)
        {
            return isGiven || builtin.Required == 0
                ? null
                : $"'{name}' got 0 argument(s), what is piped in included; expected {builtin.Shape}.";
        }

        var library = name.Split('.')[0];
        return name.Contains('.', StringComparison.Ordinal) && Builtins.IsLibrary(library)
            ? $"'{name}' is no known function; expected one of {Listed(library)}."
            : null;
    }

    private static string? NameOf(Expression function) =>
        function switch
        {
            Expression.Variable variable => variable.Name,
            Expression.Member { Target: Expression.Variable library } member => $"{library.Name}.{member.Name}",
            _ => null,
        };

    private static string? Complaint(Builtin builtin, Expression.Call call)
    {
        if (
            call.Arguments.FirstOrDefault(argument =>
                argument.Name is { } name && !builtin.Parameters.Contains(name)
            ) is
            { } unknown
        )
        {
            return $"'{builtin.Name}' has no parameter '{unknown.Name}'; expected one of {string.Join(", ", builtin.Parameters)}.";
        }

        if (IsInclude(call) && call.Arguments.FirstOrDefault()?.Value is not Expression.Literal { Value: string })
        {
            return WrittenOut;
        }

        // '^' spreads a list whose length is not known before.
        if (call.Arguments.Any(argument => argument.Value is Expression.Unary { Operator: "^" }))
        {
            return null;
        }

        var count = call.Arguments.Length;
        return count >= builtin.Required && (builtin.IsVariadic || count <= builtin.Parameters.Length)
            ? null
            : $"'{builtin.Name}' got {count} argument(s), what is piped in included; expected {builtin.Shape}.";
    }

    private static string Listed(string library) => string.Join(", ", Builtins.NamesIn(library));
}
