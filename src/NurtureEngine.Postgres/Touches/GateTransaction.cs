using Npgsql;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Touches;
using NurtureEngine.Postgres.Leads;

namespace NurtureEngine.Postgres.Touches;

/// <summary>
/// The gate's transaction: accounts and leads are locked in that order, so that consent, suppression and tier stay true until
/// the verdicts are committed. What passes is <c>handing</c> from the commit on.
/// </summary>
public sealed class GateTransaction : IAsyncDisposable
{
    // A suppression that another writer adds takes the lead's lock too, so this look is as true as the lead.
    private const string SuppressedSql = """
        SELECT l.id
          FROM lead l
          JOIN suppression s ON s.address = l.address AND s.channel = 'email'
         WHERE l.id = ANY(@ids)
        """;

    private const string EnrollmentsSql = """
        SELECT DISTINCT e.id, e.track_version_id AS track_version, e.state IN (0, 3, 4) AS is_live,
               e.held_by IS NOT NULL OR t.paused_at IS NOT NULL AS is_paused
          FROM unnest(@leads, @enrollments) AS w (lead_id, id)
          JOIN enrollment e USING (lead_id, id)
          JOIN track t ON t.id = e.track_id
        """;

    private const string DraftsSql = """
        SELECT d.touch_id, d.language, d.subject, d.preheader, d.html, d.text
          FROM unnest(@leads, @touches) AS w (lead_id, touch_id)
          JOIN draft d USING (lead_id, touch_id)
        """;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly Guid _lease;
    private readonly DateTimeOffset _now;

    private GateTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid lease, DateTimeOffset now)
    {
        (_connection, _transaction, _lease, _now) = (connection, transaction, lease, now);
    }

    /// <summary>The locked leads by id; one that changed its account this moment is left out, and its touch waits for the next turn.</summary>
    public IReadOnlyDictionary<long, (Lead Lead, Account? Account)> Leads { get; private set; } = null!;

    /// <summary>The leads whose address must not be contacted by e-mail.</summary>
    public IReadOnlySet<long> Suppressed { get; private set; } = null!;

    /// <summary>The enrollments that planned the touches.</summary>
    public IReadOnlyDictionary<long, PlanningEnrollment> Enrollments { get; private set; } = null!;

    /// <summary>The drafts that a person has seen, by touch.</summary>
    public IReadOnlyDictionary<Guid, RenderedEmail> Drafts { get; private set; } = null!;

    internal static async Task<GateTransaction> OpenAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<ClaimedTouch> touches,
        Guid lease,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var gate = new GateTransaction(connection, transaction, lease, now);
        var leads = touches.ToArray(touch => touch.LeadId);
        gate.Leads = await LeadReader.LockWithAccountsAsync(transaction, leads, cancellationToken);
        gate.Suppressed = (
            await transaction.QueryAsync<long>(SuppressedSql, new { ids = leads }, cancellationToken)
        ).ToHashSet();
        gate.Enrollments = (
            await transaction.QueryAsync<PlanningEnrollment>(
                EnrollmentsSql,
                new { leads, enrollments = touches.ToArray(touch => touch.EnrollmentId) },
                cancellationToken
            )
        ).ToDictionary(enrollment => enrollment.Id);
        var approved = touches.Where(touch => touch.IsApproved).ToList();
        gate.Drafts =
            approved.Count == 0
                ? new Dictionary<Guid, RenderedEmail>()
                : (
                    await transaction.QueryAsync<DraftRow>(
                        DraftsSql,
                        new
                        {
                            leads = approved.ToArray(touch => touch.LeadId),
                            touches = approved.ToArray(touch => touch.Id),
                        },
                        cancellationToken
                    )
                ).ToDictionary(
                    row => row.TouchId,
                    row => new RenderedEmail(row.Language, row.Subject, row.Preheader, row.Html, row.Text)
                );
        return gate;
    }

    /// <summary>Writes the verdicts and commits; the touches that are in hand from now on are the answer.</summary>
    public async Task<IReadOnlySet<Guid>> CommitAsync(
        IReadOnlyList<GatedTouch> gated,
        TimeSpan hold,
        int rulebook,
        CancellationToken cancellationToken
    )
    {
        var handing = await new GateWriter(_transaction, _lease, _now).WriteAsync(
            gated,
            hold,
            rulebook,
            cancellationToken
        );
        Waypoints.Pass("gate.committing");
        // A commit that is given up half-way may have happened, and would leave as uncertain what nobody sent.
        cancellationToken.ThrowIfCancellationRequested();
        await _transaction.CommitAsync(CancellationToken.None);
        Waypoints.Pass("gate.committed");
        return handing;
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private sealed record DraftRow
    {
        public Guid TouchId { get; init; }
        public string Language { get; init; } = "";
        public string Subject { get; init; } = "";
        public string Preheader { get; init; } = "";
        public string Html { get; init; } = "";
        public string? Text { get; init; }
    }
}

/// <summary>The enrollment behind a touch: the version of the track that it runs, and whether it still does.</summary>
public sealed record PlanningEnrollment
{
    public long Id { get; init; }
    public int TrackVersion { get; init; }
    public bool IsLive { get; init; }

    /// <summary>Whether it is held, or its track is paused.</summary>
    public bool IsPaused { get; init; }
}

/// <summary>
/// A touch as the gate leaves it: its new state, the verdict's code and argument, and the draft for a person (null where
/// none is needed).
/// </summary>
public sealed record GatedTouch(
    ClaimedTouch Touch,
    string State,
    string Code,
    string? Argument,
    RenderedEmail? Draft,
    bool MakesTask,
    DateTimeOffset? HoldUntil
)
{
    /// <summary>Whether it waits for a pause to be over.</summary>
    public bool IsPaused => State == TouchState.Deferred && Code == "enrollment.paused";

    /// <summary>Whether the touch has come to its end here.</summary>
    public bool IsSettled => State is TouchState.Skipped or TouchState.Cancelled;
}
