using Npgsql;
using NurtureEngine.Core.Intake;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.Postgres.Leads;

/// <summary>Where leads stood for how long, and a person's word on where they stand.</summary>
public sealed class StageStore(NpgsqlDataSource database)
{
    private const string MovesSql = """
        SELECT life_cycle, to_stage AS stage, origin, since,
               lead(since) OVER (PARTITION BY life_cycle ORDER BY since, id) AS until
          FROM stage_move
         WHERE lead_id = @id
         ORDER BY life_cycle, since, id
        """;

    /// <summary>The stages a lead has gone through, in order; <c>Until</c> is null where it still stands.</summary>
    public async Task<IReadOnlyList<StageRow>> ListAsync(long id, CancellationToken cancellationToken) =>
        await database.QueryAsync<StageRow>(MovesSql, new { id }, cancellationToken);

    /// <summary>Puts a person's word into the inbox, as any other that moves a lead; false where there is no such lead.</summary>
    public async Task<bool> SetAsync(
        long id,
        StageChange stage,
        HandEdit by,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var keys = await LeadKeys.FindAsync(transaction, [id], cancellationToken);
        if (!keys.TryGetValue(id, out var key))
        {
            return false;
        }

        await OwnEvents.AddAsync(
            transaction,
            [
                new OwnEvent(
                    $"hand:{Guid.NewGuid():N}",
                    key,
                    EventTypes.StageChanged,
                    EngineEvents.Write(stage, by, key, now)
                ),
            ],
            now,
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}

/// <summary>A stage that a lead came to: by whom, since when and until when.</summary>
public sealed record StageRow
{
    public string LifeCycle { get; init; } = "";
    public string Stage { get; init; } = "";
    public short Origin { get; init; }
    public DateTimeOffset Since { get; init; }
    public DateTimeOffset? Until { get; init; }
}
