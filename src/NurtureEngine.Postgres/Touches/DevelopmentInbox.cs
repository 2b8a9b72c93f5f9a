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
         ORDER BY id DESC
         LIMIT @limit + 1
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

    /// <summary>The messages before an id, newest first.</summary>
    public async Task<Page<InboxMessage, long>> ListAsync(long? before, int limit, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync<InboxMessage>(
            ListSql,
            new { before = before ?? long.MaxValue, limit },
            cancellationToken
        );
        return Page.Of(rows, limit, row => row.Id);
    }

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
