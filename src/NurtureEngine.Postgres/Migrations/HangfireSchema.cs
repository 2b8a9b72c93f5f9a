using Dapper;
using Hangfire.PostgreSql;
using Npgsql;

namespace NurtureEngine.Postgres.Migrations;

/// <summary>Hangfire's own tables, made by its own scripts, which its package numbers itself.</summary>
public static class HangfireSchema
{
    /// <summary>The schema that holds them. It holds no truth: emptied, it fills again.</summary>
    public const string Name = "hangfire";

    private const string MayMakeSql = """
        SELECT CASE
            WHEN to_regnamespace('hangfire') IS NULL THEN has_database_privilege(current_database(), 'CREATE')
            ELSE has_schema_privilege('hangfire', 'CREATE')
        END
        """;

    /// <exception cref="SchemaException">The user may not make the schema, or tables in it.</exception>
    internal static async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (
            !await connection.ExecuteScalarAsync<bool>(
                new CommandDefinition(MayMakeSql, cancellationToken: cancellationToken)
            )
        )
        {
            var user = await connection.ExecuteScalarAsync<string>("SELECT quote_ident(current_user)");
            var exists = await connection.ExecuteScalarAsync<bool>("SELECT to_regnamespace('hangfire') IS NOT NULL");
            throw new SchemaException(
                exists
                    ? $"The user {user} may not make tables in the schema '{Name}', in which jobs are scheduled: let an administrator run GRANT ALL ON SCHEMA {Name} TO {user}."
                    : $"The user {user} may not make the schema '{Name}', in which jobs are scheduled: let an administrator run CREATE SCHEMA {Name} AUTHORIZATION {user}."
            );
        }
    }

    /// <summary>Makes them, or brings them up to date; the caller holds the migrations' lock, since the scripts do not lock.</summary>
    internal static async Task InstallAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            PostgreSqlObjectsInstaller.Install(connection, Name);
        }
        finally
        {
            // The scripts leave it behind them.
            await connection.ExecuteAsync("RESET search_path");
        }
    }
}
