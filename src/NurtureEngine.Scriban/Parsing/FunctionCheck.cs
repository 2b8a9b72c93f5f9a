using System.Collections.Immutable;
using NurtureEngine.Scriban.Functions;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Parsing;

/// <summary>Checks the calls of the language's own functions: that there is one of that name, and that the arguments fit.</summary>
internal static class FunctionCheck
{
    public static void Run(ImmutableArray<Statement> statements, SourceText source, ICollection<ScribanFault> faults)
    {
        foreach (var expression in Walker.All(statements))
        {
            switch (expression)
            {
                case Expression.Member { Target: Expression.Variable library } member
                    when IsUnknown(library.Name, member.Name):
                    faults.Add(source.FaultAt(member.At, Unknown(library.Name, member.Name)));
                    break;
                case Expression.Call { Function: var function } call
                    when NameOf(function) is { } name
                        && Builtins.Find(name) is { } builtin
                        && Complaint(builtin, call) is { } complaint:
                    faults.Add(source.FaultAt(call.At, complaint));
                    break;
            }
        }
    }

    public static bool IsInclude(Expression.Call call) => call.Function is Expression.Variable { Name: "include" };

    private static string Unknown(string library, string name) =>
        RefusedFunctions.ReasonFor($"{library}.{name}") is { } reason
            ? $"'{library}.{name}' is left out: {reason}."
            : $"'{library}.{name}' is no known function; expected one of {Listed(library)}.";

    private static bool IsUnknown(string library, string name) =>
        Builtins.IsLibrary(library) && Builtins.Find($"{library}.{name}") is null;

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
            return "'include' needs the name of a partial, written out: which one it is must be known before a lead is.";
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
