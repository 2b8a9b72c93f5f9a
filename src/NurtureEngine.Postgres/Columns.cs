namespace NurtureEngine.Postgres;

/// <summary>Turns rows into the column arrays that <c>unnest</c> takes.</summary>
internal static class Columns
{
    public static TColumn[] ToArray<TRow, TColumn>(this IReadOnlyList<TRow> rows, Func<TRow, TColumn> column)
    {
        var values = new TColumn[rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            values[i] = column(rows[i]);
        }

        return values;
    }
}
