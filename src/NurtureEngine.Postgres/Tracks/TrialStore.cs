using Npgsql;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Reports;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Keeps test leads, and reads a lead for a trial.</summary>
public sealed class TrialStore(NpgsqlDataSource database)
{
    /// <summary>How many a track may have: each is run with each save.</summary>
    public const int Most = 50;

    private const string ListSql =
        "SELECT name, lead, expected FROM track_trial WHERE definition_id = @definitionId ORDER BY name";

    private const string SaveSql = """
        INSERT INTO track_trial (definition_id, name, lead, expected, saved_by, saved_at)
        SELECT @definitionId, @name, @lead, @expected, @actor, @now
         WHERE EXISTS (SELECT FROM track_trial WHERE definition_id = @definitionId AND name = @name)
            OR (SELECT count(*) FROM track_trial WHERE definition_id = @definitionId) < @Most
        ON CONFLICT (definition_id, name) DO UPDATE
           SET lead = excluded.lead, expected = excluded.expected, saved_by = excluded.saved_by, saved_at = excluded.saved_at
        """;

    private const string DeleteSql = "DELETE FROM track_trial WHERE definition_id = @definitionId AND name = @name";

    private static string SeenSql(LeadReach reach) =>
        $"SELECT l.id FROM lead l WHERE l.id = @id AND {ReachSql.ConditionOf(reach)}";

    /// <summary>The test leads of a track, by name.</summary>
    public async Task<IReadOnlyList<TrialRow>> ListAsync(string definitionId, CancellationToken cancellationToken) =>
        await database.QueryAsync<TrialRow>(ListSql, new { definitionId }, cancellationToken);

    /// <summary>Saves one; false if the track has too many.</summary>
    public async Task<bool> SaveAsync(
        string definitionId,
        TrialRow trial,
        string actor,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) =>
        await database.ExecuteAsync(
            SaveSql,
            new
            {
                definitionId,
                trial.Name,
                trial.Lead,
                trial.Expected,
                actor,
                now,
                Most,
            },
            cancellationToken
        ) > 0;

    /// <summary>Deletes one; false if there is none of that name.</summary>
    public async Task<bool> DeleteAsync(string definitionId, string name, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(DeleteSql, new { definitionId, name }, cancellationToken) > 0;

    /// <summary>
    /// A lead with its account, without what is hidden from the reader, and the keys of the contents that it has had; null if there is none of that id
    /// within the reach.
    /// </summary>
    public async Task<(Lead Lead, Account? Account, IReadOnlyCollection<string> Had)?> FindLeadAsync(
        long id,
        LeadReach reach,
        CancellationToken cancellationToken
    )
    {
        var seen = await database.QueryAsync<long>(
            SeenSql(reach),
            ReachSql.Parameters(reach, new { id }),
            cancellationToken
        );
        if (seen.Count == 0)
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var found = await LeadReader.ReadWithAccountsAsync(transaction, [id], cancellationToken);
        if (!found.TryGetValue(id, out var known))
        {
            return null;
        }

        // What is kept from the reader's view is no part of what is tried, or a message would show it.
        var (lead, account) = known;
        return (
            lead with
            {
                Fields = lead.Fields.Without(reach.HiddenFields),
            },
            account is null ? null : account with { Fields = account.Fields.Without(reach.HiddenFields) },
            [.. (await DueEnrollments.FindHadAsync(transaction, [id], cancellationToken))[id]]
        );
    }
}

/// <summary>A test lead, as it is kept.</summary>
public sealed record TrialRow
{
    public string Name { get; init; } = "";
    public string Lead { get; init; } = "";
    public string[] Expected { get; init; } = [];
}
