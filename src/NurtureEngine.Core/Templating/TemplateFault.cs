namespace NurtureEngine.Core.Templating;

/// <summary>A fault in a template: where it is (line and column count from 1) and what was expected instead.</summary>
public sealed record TemplateFault(int Line, int Column, string Message)
{
    /// <summary>The fault in the form that editors understand: <c>file:line:column: message</c>.</summary>
    public string In(string file) => $"{file}:{Line}:{Column}: {Message}";
}
