using Npgsql;

namespace NurtureEngine.Postgres.Settings;

/// <summary>What tells this database from every other; part of each Message-ID.</summary>
public sealed class Installation(NpgsqlDataSource database)
{
    private Guid? _id;

    /// <summary>A random id, constant for the life of the database.</summary>
    public Guid Id => _id ?? throw new InvalidOperationException("The installation is asked for before it is loaded.");

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        _id = (await database.QueryAsync<Guid>("SELECT id FROM installation", null, cancellationToken)).Single();
    }
}
