namespace NurtureEngine.Host.Imports;

/// <summary>
/// The rows of a file without the lines that a report of Salesforce's ends with: its name, a copyright, who has made it. They stand in the first
/// cell alone.
/// </summary>
internal sealed class ReportRows(ILeadRows rows) : ILeadRows
{
    private const int MostLines = 8;

    private readonly Queue<(string[] Row, long Line)> _next = [];

    public long Line { get; private set; }

    public async Task<string[]?> ReadAsync()
    {
        if (_next.Count == 0)
        {
            await FillAsync();
        }

        if (!_next.TryDequeue(out var next))
        {
            Line = rows.Line;
            return null;
        }

        Line = next.Line;
        return next.Row;
    }

    public void Dispose() => rows.Dispose();

    // Up to the next row of several cells: what stands alone may be the end.
    private async Task FillAsync()
    {
        while (_next.Count < MostLines)
        {
            if (await rows.ReadAsync() is not { } row)
            {
                if (_next.Any(held => IsCopyright(held.Row[0])))
                {
                    _next.Clear();
                }

                return;
            }

            _next.Enqueue((row, rows.Line));
            if (!IsAlone(row))
            {
                return;
            }
        }
    }

    // A file of one column has no such end.
    private static bool IsAlone(string[] row) => row.Length > 0 && row.Skip(1).All(string.IsNullOrWhiteSpace);

    private static bool IsCopyright(string text) =>
        text.StartsWith("Copyright", StringComparison.OrdinalIgnoreCase)
        && text.Contains("salesforce", StringComparison.OrdinalIgnoreCase);
}
