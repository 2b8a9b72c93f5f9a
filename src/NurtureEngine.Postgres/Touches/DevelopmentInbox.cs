using Npgsql;

namespace NurtureEngine.Postgres.Touches;

/// <summary>Where e-mail goes while no mail server is configured: a table, in which each delivery is a row of its own.</summary>
public sealed class DevelopmentInbox(NpgsqlDataSource database)
{
    private const string DeliverSql = """
        INSERT INTO development_inbox (lead_id, touch_id, received_at, recipient, subject, text, html, message)
        SELECT *
          FROM unnest(@leads, @touches, @receivedAt, @recipients, @subjects, @texts, @htmls, @messages)
        """;

    private const string ListSql = """
        SELECT id, lead_id, touch_id, received_at, recipient, subject
          FROM development_inbox
         WHERE id < @before
           AND (@lead::bigint IS NULL OR lead_id = @lead)
           AND (@track::text IS NULL OR EXISTS (
               SELECT FROM touch m
                 JOIN enrollment e ON e.lead_id = m.lead_id AND e.id = m.enrollment_id
                 JOIN track t ON t.id = e.track_id
                WHERE m.lead_id = development_inbox.lead_id AND m.id = development_inbox.touch_id AND t.definition_id = @track))
         ORDER BY id DESC
         LIMIT @limit + 1
        """;

    private const string LeadsSql = """
        SELECT d.lead_id::text AS key, COALESCE(l.fields->>'name', l.fields->>'email', '') AS name,
               COALESCE(a.fields->>'name', '') AS further, count(*) AS count, max(d.received_at) AS latest
          FROM development_inbox d
          JOIN lead l ON l.id = d.lead_id
          LEFT JOIN account a ON a.id = l.account_id
         GROUP BY d.lead_id, l.fields, a.fields
         ORDER BY latest DESC, d.lead_id
         LIMIT @limit
        """;

    // What goes to colleagues is no touch, and of no track.
    private const string TracksSql = """
        SELECT COALESCE(t.definition_id, '') AS key, COALESCE(t.definition_id, '') AS name,
               count(DISTINCT d.lead_id)::text AS further, count(*) AS count, max(d.received_at) AS latest
          FROM development_inbox d
          LEFT JOIN touch m ON m.lead_id = d.lead_id AND m.id = d.touch_id
          LEFT JOIN enrollment e ON e.lead_id = m.lead_id AND e.id = m.enrollment_id
          LEFT JOIN track t ON t.id = e.track_id
         GROUP BY t.definition_id
         ORDER BY t.definition_id
        """;

    private const string FindSql = """
        SELECT id, lead_id, touch_id, received_at, recipient, subject, text, html, message FROM development_inbox WHERE id = @id
        """;

    public Task DeliverAsync(IReadOnlyList<InboxDelivery> deliveries, CancellationToken cancellationToken) =>
        database.ExecuteAsync(
            DeliverSql,
            new
            {
                leads = deliveries.ToArray(delivery => delivery.LeadId),
                touches = deliveries.ToArray(delivery => delivery.TouchId),
                receivedAt = deliveries.ToArray(delivery => delivery.ReceivedAt),
                recipients = deliveries.ToArray(delivery => delivery.Recipient),
                subjects = deliveries.ToArray(delivery => delivery.Subject),
                texts = deliveries.ToArray(delivery => delivery.Text),
                htmls = deliveries.ToArray(delivery => delivery.Html),
                messages = deliveries.ToArray(delivery => delivery.Message),
            },
            cancellationToken
        );

    /// <summary>The messages before an id, newest first; of one lead or one track where they are given.</summary>
    public async Task<Page<InboxMessage, long>> ListAsync(
        long? before,
        int limit,
        long? lead,
        string? track,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.QueryAsync<InboxMessage>(
            ListSql,
            new
            {
                before = before ?? long.MaxValue,
                limit,
                lead,
                track,
            },
            cancellationToken
        );
        return Page.Of(rows, limit, row => row.Id);
    }

    /// <summary>Who got messages, the latest first.</summary>
    public Task<List<InboxGroup>> LeadsAsync(int limit, CancellationToken cancellationToken) =>
        database.QueryAsync<InboxGroup>(LeadsSql, new { limit }, cancellationToken);

    /// <summary>Which tracks sent messages.</summary>
    public Task<List<InboxGroup>> TracksAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<InboxGroup>(TracksSql, null, cancellationToken);

    /// <summary>A message whole; null where there is none of that id.</summary>
    public async Task<InboxMessage?> FindAsync(long id, CancellationToken cancellationToken) =>
        await database.QuerySingleOrDefaultAsync<InboxMessage>(FindSql, new { id }, cancellationToken);
}

/// <summary>One delivery to the development inbox.</summary>
public sealed record InboxDelivery(
    long LeadId,
    Guid TouchId,
    DateTimeOffset ReceivedAt,
    string Recipient,
    string Subject,
    string Text,
    string Html,
    byte[] Message
);

/// <summary>Messages that have something in common; the key leads to them.</summary>
public sealed record InboxGroup
{
    public string Key { get; init; } = "";
    public string Name { get; init; } = "";
    public string Further { get; init; } = "";
    public long Count { get; init; }
    public DateTimeOffset Latest { get; init; }
}

/// <summary>A delivered message. In lists the text, the HTML and the message as it went over the wire (RFC 5322) are null.</summary>
public sealed record InboxMessage
{
    public long Id { get; init; }
    public long LeadId { get; init; }
    public Guid TouchId { get; init; }
    public DateTimeOffset ReceivedAt { get; init; }
    public string Recipient { get; init; } = "";
    public string Subject { get; init; } = "";
    public string? Text { get; init; }
    public string? Html { get; init; }
    public byte[]? Message { get; init; }
}
