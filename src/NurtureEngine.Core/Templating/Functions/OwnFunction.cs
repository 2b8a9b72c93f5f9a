using NurtureEngine.Core.Templating.Rendering;
using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Functions;

/// <summary>A function of our own: its parameters, how many of them are needed, and what it does with their values.</summary>
internal sealed class OwnFunction(
    Func<RenderContext, ScriptNode, ScriptArray, object?> body,
    int required,
    params (string Name, Type Type)[] parameters
) : IScriptCustomFunction
{
    public int RequiredParameterCount => required;

    public int ParameterCount => parameters.Length;

    /// <summary>Direct lets any number of arguments through, named ones too.</summary>
    public ScriptVarParamKind VarParamKind { get; init; } = ScriptVarParamKind.None;

    public Type ReturnType => typeof(object);

    public ScriptParameterInfo GetParameterInfo(int index) =>
        index >= parameters.Length ? new ScriptParameterInfo(typeof(object), "value")
        : index < required ? new ScriptParameterInfo(parameters[index].Type, parameters[index].Name)
        : new ScriptParameterInfo(parameters[index].Type, parameters[index].Name, null);

    public object? Invoke(
        TemplateContext context,
        ScriptNode? callerContext,
        ScriptArray arguments,
        ScriptBlockStatement? blockStatement
    ) => body((RenderContext)context, callerContext ?? context.CurrentNode!, arguments);

    public ValueTask<object?> InvokeAsync(
        TemplateContext context,
        ScriptNode? callerContext,
        ScriptArray arguments,
        ScriptBlockStatement? blockStatement
    ) => ValueTask.FromResult(Invoke(context, callerContext, arguments, blockStatement));
}
