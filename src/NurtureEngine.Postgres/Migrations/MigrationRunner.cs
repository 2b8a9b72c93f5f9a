using Dapper;
using Npgsql;

namespace NurtureEngine.Postgres.Migrations;

/// <summary>
/// Brings the schema up to date. Steps expand, then contract: an older program goes on working beside a newer one until a
/// step says otherwise, so that hosts can be upgraded one by one.
/// </summary>
public static class MigrationRunner
{
    // An arbitrary constant, the product's own: two hosts that start at once migrate one after the other.
    private const long LockKey = 0x4E75_7274_7572_6501;

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    private const string NeededSql = "SELECT COALESCE(max(min_program), 0) FROM schema_migration";

    private const string CreateSql = """
        CREATE TABLE IF NOT EXISTS schema_migration (
            number      integer     PRIMARY KEY,
            name        text        NOT NULL,
            hash        bytea       NOT NULL,
            min_program integer     NOT NULL,
            applied_at  timestamptz NOT NULL DEFAULT clock_timestamp()
        )
        """;

    /// <summary>The number of the program's newest migration: its version, as far as the schema is concerned.</summary>
    public static int Program => Migration.All[^1].Number;

    /// <summary>The first program whose templates and conditions are Scriban's own; what older ones stored may use constructs that differ.</summary>
    public const int FirstWithScriban = 11;

    /// <summary>Applies what is missing, each step in a transaction of its own, and returns how many that were.</summary>
    /// <exception cref="SchemaException">The schema needs a newer program, or was made by other steps of the same numbers.</exception>
    public static Task<int> MigrateAsync(NpgsqlDataSource database, CancellationToken cancellationToken) =>
        MigrateAsync(database, Migration.All, cancellationToken);

    /// <summary>Why this program may not work on the schema as it is now; null where it may.</summary>
    public static async Task<string?> FindRefusalAsync(
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    ) => RefusalOf((await database.QueryAsync<int>(NeededSql, null, cancellationToken)).Single());

    internal static async Task<int> MigrateAsync(
        NpgsqlDataSource database,
        IReadOnlyList<Migration> migrations,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var encoding = await connection.ExecuteScalarAsync<string>("SHOW server_encoding");
        if (encoding != "UTF8")
        {
            throw new SchemaException(
                $"The database's encoding is {encoding}; expected UTF8: make it with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0."
            );
        }

        // Tried again and again, not waited for: a statement that waits holds a snapshot, and CREATE INDEX CONCURRENTLY waits for its end.
        while (!await connection.ExecuteScalarAsync<bool>("SELECT pg_try_advisory_lock(@LockKey)", new { LockKey }))
        {
            await Task.Delay(BetweenTries, cancellationToken);
        }

        try
        {
            await connection.ExecuteAsync(CreateSql);
            var applied = (
                await connection.QueryAsync<AppliedMigration>(
                    "SELECT number, name, hash, min_program AS minProgram FROM schema_migration ORDER BY number"
                )
            ).AsList();
            Check(applied);
            // Before any step: a host that can't start must not stop those that run.
            await HangfireSchema.CheckAsync(connection, cancellationToken);
            var missing = migrations.Where(migration => applied.All(row => row.Number != migration.Number)).ToList();
            foreach (var migration in missing)
            {
                await ApplyAsync(connection, migration, cancellationToken);
            }

            await HangfireSchema.InstallAsync(database, cancellationToken);
            return missing.Count;
        }
        finally
        {
            // The connection goes back to a pool; the lock must not go with it, even where the caller has lost patience.
            await connection.ExecuteAsync(
                new CommandDefinition(
                    "SELECT pg_advisory_unlock(@LockKey)",
                    new { LockKey },
                    cancellationToken: CancellationToken.None
                )
            );
        }
    }

    private static void Check(List<AppliedMigration> applied)
    {
        if (RefusalOf(applied.Select(row => row.MinProgram).DefaultIfEmpty().Max()) is { } refusal)
        {
            throw new SchemaException(refusal);
        }

        foreach (var row in applied)
        {
            if (
                Migration.All.FirstOrDefault(migration => migration.Number == row.Number) is { } known
                && !known.Hash.AsSpan().SequenceEqual(row.Hash)
            )
            {
                throw new SchemaException(
                    $"Migration {row.Number:0000}_{row.Name} was applied with other contents than this program's: the database belongs to another build."
                );
            }
        }
    }

    private static string? RefusalOf(int needed) =>
        needed > Program
            ? $"The database's schema needs a program of schema version {needed} or newer, and this one is {Program}: upgrade this host."
            : null;

    private static async Task ApplyAsync(
        NpgsqlConnection connection,
        Migration migration,
        CancellationToken cancellationToken
    )
    {
        if (migration.IsOutsideTransaction)
        {
            foreach (var statement in migration.Statements)
            {
                await connection.ExecuteAsync(
                    new CommandDefinition(statement, commandTimeout: 0, cancellationToken: cancellationToken)
                );
            }
        }

        if (migration.Code is { } code)
        {
            await code(connection, cancellationToken);
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!migration.IsOutsideTransaction)
        {
            await connection.ExecuteAsync(
                new CommandDefinition(
                    migration.Sql,
                    transaction: transaction,
                    commandTimeout: 0,
                    cancellationToken: cancellationToken
                )
            );
        }

        await connection.ExecuteAsync(
            "INSERT INTO schema_migration (number, name, hash, min_program) VALUES (@Number, @Name, @Hash, @MinProgram)",
            migration,
            transaction
        );
        await transaction.CommitAsync(cancellationToken);
    }

    private sealed record AppliedMigration(int Number, string Name, byte[] Hash, int MinProgram);
}
