using Dapper;
using Npgsql;

namespace NurtureEngine.Benchmarks.Intake;

/// <summary>The least that a list costs: rows of a key, an address and a document, upserted by two workers in batches of five hundred.</summary>
internal sealed class BareUpsert(NpgsqlDataSource database)
{
    private const int Batch = 500;

    public async Task RunAsync(int rows)
    {
        await using (var connection = await database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(
                "CREATE TABLE bare (key text PRIMARY KEY, address text NOT NULL, fields jsonb NOT NULL); CREATE INDEX ON bare (address)"
            );
        }

        await Task.WhenAll(Enumerable.Range(0, 2).Select(half => Task.Run(() => WorkAsync(half, rows))));
    }

    private async Task WorkAsync(int half, int rows)
    {
        await using var connection = await database.OpenConnectionAsync();
        for (var from = half * Batch; from < rows; from += 2 * Batch)
        {
            var numbers = Enumerable.Range(from, Batch).ToArray();
            await connection.ExecuteAsync(
                """
                INSERT INTO bare SELECT * FROM unnest(@keys, @addresses, @fields::jsonb[])
                ON CONFLICT (key) DO UPDATE SET address = excluded.address, fields = excluded.fields
                """,
                new
                {
                    keys = Array.ConvertAll(numbers, i => $"L{i}"),
                    addresses = Array.ConvertAll(numbers, i => $"lead-{i}@example.com"),
                    fields = Array.ConvertAll(
                        numbers,
                        i =>
                            $$"""{"email": "lead-{{i}}@example.com", "name": "Ann Lee {{i}}", "title": "Head of Operations"}"""
                    ),
                }
            );
        }
    }
}
