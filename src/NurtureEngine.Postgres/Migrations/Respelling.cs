using Dapper;
using Npgsql;

namespace NurtureEngine.Postgres.Migrations;

/// <summary>Replaces stored spellings by their identities, page by page; repeated, it finds nothing left to do.</summary>
internal static class Respelling
{
    public const int PageSize = 5_000;

    /// <param name="connection">A connection without a transaction.</param>
    /// <param name="source">Selects every spelling in use.</param>
    /// <param name="identityOf">The identity of a spelling.</param>
    /// <param name="respell">Writes the identities, given <c>@old</c> and <c>@new</c>.</param>
    /// <param name="cancellationToken">Ends the work between two pages.</param>
    public static async Task RunAsync(
        NpgsqlConnection connection,
        string source,
        Func<string, string> identityOf,
        string respell,
        CancellationToken cancellationToken
    )
    {
        var changed = new List<(string Old, string New)>();
        await foreach (
            var old in connection
                .QueryUnbufferedAsync<string>(source, commandTimeout: 0)
                .WithCancellation(cancellationToken)
        )
        {
            if (identityOf(old) is var identity && identity != old)
            {
                changed.Add((old, identity));
            }
        }

        // In their order, as by every writer of these tables.
        foreach (var page in changed.OrderBy(row => row.Old, StringComparer.Ordinal).Chunk(PageSize))
        {
            await ExecuteAsync(
                connection,
                respell,
                new { old = page.Select(row => row.Old).ToArray(), @new = page.Select(row => row.New).ToArray() },
                cancellationToken
            );
            Waypoints.Pass("migration.addresses");
        }
    }

    /// <summary>Executes a statement that may take long.</summary>
    public static Task ExecuteAsync(
        NpgsqlConnection connection,
        string sql,
        object parameters,
        CancellationToken cancellationToken
    ) =>
        connection.ExecuteAsync(
            new CommandDefinition(sql, parameters, commandTimeout: 0, cancellationToken: cancellationToken)
        );
}
