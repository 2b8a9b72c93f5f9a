using NurtureEngine.Scriban.Functions;
using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Evaluation.Objects;

/// <summary>A function as a value: one of the language's own, or one that the template declares.</summary>
internal abstract record FunctionValue
{
    private FunctionValue() { }

    internal sealed record Native(Builtin Function) : FunctionValue;

    internal sealed record Scripted(FunctionDeclaration Declaration) : FunctionValue;
}
