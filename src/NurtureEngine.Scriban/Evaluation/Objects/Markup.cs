namespace NurtureEngine.Scriban.Evaluation.Objects;

/// <summary>Text that is markup already and is printed as it is: the result of a raw filter, a capture or a partial.</summary>
internal sealed record Markup(string Value)
{
    public override string ToString() => Value;
}
