using System.Globalization;
using Npgsql;
using NurtureEngine.Postgres.Migrations;

namespace NurtureEngine.Host.Storage;

/// <summary>The database of this process: a private one, started or attached to, or an external one.</summary>
internal sealed class NurtureDatabase : IAsyncDisposable
{
    private NurtureDatabase(string connectionString, NpgsqlDataSource source, EmbeddedPostgres? embedded) =>
        (ConnectionString, Source, Embedded) = (connectionString, source, embedded);

    /// <summary>For libraries that open connections of their own. May hold a password: never logged.</summary>
    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    /// <summary>The private server; null where the database is an external one.</summary>
    public EmbeddedPostgres? Embedded { get; }

    /// <summary>Opens the database and checks that it can be worked with; does not migrate.</summary>
    /// <param name="connectionString">The external database; null or empty for a private one under the data folder.</param>
    /// <param name="dataFolder">Where a private database lives.</param>
    /// <param name="tell">Takes what the operator should know.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StorageException">It can't be had; the message says what to do.</exception>
    public static async Task<NurtureDatabase> OpenAsync(
        string? connectionString,
        string dataFolder,
        Action<string> tell,
        CancellationToken cancellationToken
    )
    {
        if (!string.IsNullOrEmpty(connectionString))
        {
            return new NurtureDatabase(
                connectionString,
                await OpenExternalAsync(connectionString, cancellationToken),
                embedded: null
            );
        }

        var embedded = await EmbeddedPostgres.StartAsync(dataFolder, binaries: null, tell, cancellationToken);
        try
        {
            await EnsureDatabaseAsync(embedded, cancellationToken);
            var inside = embedded.ConnectionStringFor("nurture");
            return new NurtureDatabase(inside, NpgsqlDataSource.Create(inside), embedded);
        }
        catch
        {
            await embedded.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="StorageException">The schema and this program do not go together, or the migration failed.</exception>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await MigrationRunner.MigrateAsync(Source, cancellationToken);
        }
        catch (SchemaException exception)
        {
            throw new StorageException(exception.Message, exception);
        }
        catch (PostgresException exception)
        {
            throw new StorageException(Explain("The database can't be migrated", exception), exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (Embedded is not null)
        {
            await Embedded.DisposeAsync();
        }
    }

    private static async Task<NpgsqlDataSource> OpenExternalAsync(
        string connectionString,
        CancellationToken cancellationToken
    )
    {
        NpgsqlDataSource source;
        try
        {
            source = NpgsqlDataSource.Create(connectionString);
        }
        catch (ArgumentException exception)
        {
            throw new StorageException(
                $"ConnectionStrings__Nurture is no connection string ({exception.Message}): expected 'Host=…;Database=…;Username=…;Password=…'.",
                exception
            );
        }

        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        var place = string.Create(
            CultureInfo.InvariantCulture,
            $"database '{settings.Database}' at {settings.Host}:{settings.Port}"
        );
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            var major = connection.PostgreSqlVersion.Major;
            if (major is >= PostgresBinaries.OldestMajor and <= PostgresBinaries.NewestMajor)
            {
                return source;
            }

            await source.DisposeAsync();
            throw new StorageException(
                $"The {place} is PostgreSQL {major}: expected {PostgresBinaries.OldestMajor} to {PostgresBinaries.NewestMajor}."
            );
        }
        catch (PostgresException exception)
        {
            await source.DisposeAsync();
            throw new StorageException(Explain($"The {place} can't be used", exception), exception);
        }
        catch (NpgsqlException exception)
        {
            await source.DisposeAsync();
            throw new StorageException(
                $"The {place} does not answer ({exception.InnerException?.Message ?? exception.Message}): start it, or correct ConnectionStrings__Nurture.",
                exception
            );
        }
    }

    private static async Task EnsureDatabaseAsync(EmbeddedPostgres embedded, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(embedded.ConnectionStringFor("postgres") + ";Pooling=false");
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var create = new NpgsqlCommand("CREATE DATABASE nurture", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception)
            when (exception.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // It is there from an earlier start, or another host has just made it.
        }
        catch (PostgresException exception)
        {
            throw new StorageException(Explain("The database can't be made", exception), exception);
        }
    }

    private static string Explain(string what, PostgresException exception) =>
        exception.SqlState switch
        {
            PostgresErrorCodes.DiskFull => $"{what}: its disk is full; free some space and start again.",
            PostgresErrorCodes.InvalidCatalogName =>
                $"{what}: it does not exist; create it, or correct ConnectionStrings__Nurture.",
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                $"{what}: user or password is wrong; correct ConnectionStrings__Nurture.",
            PostgresErrorCodes.InsufficientPrivilege =>
                $"{what}: its user lacks rights ({exception.MessageText}); make the user the database's owner.",
            _ => $"{what}: {exception.MessageText} ({exception.SqlState}).",
        };
}
