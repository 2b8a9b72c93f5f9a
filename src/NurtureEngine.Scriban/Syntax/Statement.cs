namespace NurtureEngine.Scriban.Syntax;

/// <summary>One piece of a parsed template.</summary>
internal abstract record Statement
{
    private Statement() { }

    internal sealed record Text(string Value) : Statement;

    internal sealed record Output(Expression Value) : Statement;
}
