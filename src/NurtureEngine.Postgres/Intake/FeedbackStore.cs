using Npgsql;
using NurtureEngine.Core.Intake;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Intake;

/// <summary>Puts what is heard of touches into the inbox, where it waits to become a fact.</summary>
public sealed class FeedbackStore(NpgsqlDataSource database)
{
    private const string LeadsSql = "SELECT id, lead_id FROM touch WHERE id = ANY(@touches)";

    /// <summary>Stores feedback, durably; of touches that are not known nothing. How many were stored, repeats included.</summary>
    public async Task<int> AppendAsync(
        IReadOnlyList<Feedback> feedback,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var count = await AppendAsync(transaction, feedback, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return count;
    }

    internal static async Task<int> AppendAsync(
        NpgsqlTransaction transaction,
        IReadOnlyList<Feedback> feedback,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (feedback.Count == 0)
        {
            return 0;
        }

        var leads = (
            await transaction.QueryAsync<(Guid Touch, long Lead)>(
                LeadsSql,
                new { touches = feedback.Select(one => one.Touch).Distinct().ToArray() },
                cancellationToken
            )
        ).ToDictionary(row => row.Touch, row => row.Lead);
        var keys = await LeadKeys.FindAsync(transaction, leads.Values, cancellationToken);
        var known = feedback.Where(one => leads.ContainsKey(one.Touch)).ToList();
        await OwnEvents.AddAsync(
            transaction,
            known.ConvertAll(one => new OwnEvent(
                one.EventId,
                keys[leads[one.Touch]],
                one.Type,
                EngineEvents.Write(one, keys[leads[one.Touch]], now)
            )),
            now,
            cancellationToken
        );
        return known.Count;
    }
}
