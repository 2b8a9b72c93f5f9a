using Npgsql;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Tells the facts of enrollments that are over, where their leads have something set aside that may go on now.</summary>
internal static class FreedLanes
{
    // Not locked: whoever sets one aside does so in the transaction that enrolls the lead in the other track, before that can end.
    private const string AsideSql =
        $"SELECT lead_id FROM enrollment WHERE lead_id = ANY(@leads) AND held_by @> '{{{HoldWriter.Lane}}}'";

    /// <summary>
    /// What to tell of enrollments that are over. Which of those set aside goes on is for the facts to decide; a successor comes before them, and
    /// is let in where its priority is higher.
    /// </summary>
    public static async Task<List<(long LeadId, LeadChange Change)>> FindAsync(
        NpgsqlTransaction transaction,
        List<(long LeadId, EnrollmentId Enrollment)> over,
        CancellationToken cancellationToken
    )
    {
        if (over.Count == 0)
        {
            return [];
        }

        var leads = await transaction.QueryAsync<long>(
            AsideSql,
            new { leads = over.ToArray(row => row.LeadId) },
            cancellationToken
        );
        var waiting = leads.ToHashSet();
        return
        [
            .. over.Where(row => waiting.Contains(row.LeadId))
                .Select(row => (row.LeadId, LeadChange.OfFreedLane(row.Enrollment, visit: 1))),
        ];
    }
}
