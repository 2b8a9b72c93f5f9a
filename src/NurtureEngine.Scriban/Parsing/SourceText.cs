namespace NurtureEngine.Scriban.Parsing;

/// <summary>A template's text, which turns offsets into lines and columns.</summary>
internal sealed class SourceText(string value)
{
    private List<int>? _lineStarts;

    public string Value { get; } = value;

    public ScribanFault FaultAt(int offset, string message)
    {
        var starts = _lineStarts ??= LineStarts();
        var at = Math.Min(offset, Value.Length);
        var found = starts.BinarySearch(at);
        var line = found >= 0 ? found : ~found - 1;
        return new ScribanFault(line + 1, at - starts[line] + 1, message);
    }

    private List<int> LineStarts()
    {
        var starts = new List<int> { 0 };
        for (var i = Value.IndexOf('\n', StringComparison.Ordinal); i >= 0; i = Value.IndexOf('\n', i + 1))
        {
            starts.Add(i + 1);
        }

        return starts;
    }
}
