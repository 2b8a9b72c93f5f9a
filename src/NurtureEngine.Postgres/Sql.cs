using Dapper;
using Npgsql;

namespace NurtureEngine.Postgres;

/// <summary>
/// Runs statements: on the database, each on a connection of its own, or within a transaction. Errors come as
/// <see cref="NpgsqlException"/>.
/// </summary>
internal static class Sql
{
    // Before the first statement, whoever runs it: a verb makes its stores without the registration.
    static Sql()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new UtcInstantHandler());
    }

    public static async Task<List<TRow>> QueryAsync<TRow>(
        this NpgsqlDataSource database,
        string sql,
        object? parameters,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var command = new CommandDefinition(sql, parameters, cancellationToken: cancellationToken);
        return (await connection.QueryAsync<TRow>(command)).AsList();
    }

    /// <summary>The only row; null where there is none.</summary>
    public static async Task<TRow?> QuerySingleOrDefaultAsync<TRow>(
        this NpgsqlDataSource database,
        string sql,
        object? parameters,
        CancellationToken cancellationToken
    )
        where TRow : class => (await database.QueryAsync<TRow>(sql, parameters, cancellationToken)).SingleOrDefault();

    /// <summary>How many rows were written.</summary>
    public static async Task<int> ExecuteAsync(
        this NpgsqlDataSource database,
        string sql,
        object? parameters,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)
        );
    }

    public static async Task<List<TRow>> QueryAsync<TRow>(
        this NpgsqlTransaction transaction,
        string sql,
        object? parameters,
        CancellationToken cancellationToken
    )
    {
        var command = new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken);
        return (await transaction.Connection!.QueryAsync<TRow>(command)).AsList();
    }

    /// <summary>The answers to several statements, separated by semicolons, that go to the server and come back together.</summary>
    public static Task<SqlMapper.GridReader> QuerySeveralAsync(
        this NpgsqlTransaction transaction,
        string sql,
        object parameters,
        CancellationToken cancellationToken
    ) =>
        transaction.Connection!.QueryMultipleAsync(
            new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken)
        );

    /// <summary>The only value of the only row.</summary>
    public static async Task<TValue> QuerySingleAsync<TValue>(
        this NpgsqlTransaction transaction,
        string sql,
        object? parameters,
        CancellationToken cancellationToken
    ) => (await transaction.QueryAsync<TValue>(sql, parameters, cancellationToken)).Single();

    /// <summary>How many rows were written.</summary>
    public static Task<int> ExecuteAsync(
        this NpgsqlTransaction transaction,
        string sql,
        object? parameters,
        CancellationToken cancellationToken
    ) =>
        transaction.Connection!.ExecuteAsync(
            new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken)
        );
}
