namespace NurtureEngine.Scriban.Parsing;

/// <summary>A template's text, which turns offsets into lines and columns.</summary>
internal sealed class SourceText(string value)
{
    public string Value { get; } = value;

    public ScribanFault FaultAt(int offset, string message)
    {
        var before = Value.AsSpan(0, Math.Min(offset, Value.Length));
        var lastBreak = before.LastIndexOf('\n');
        return new ScribanFault(before.Count('\n') + 1, before.Length - lastBreak, message);
    }
}
