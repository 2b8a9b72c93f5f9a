using System.Text;
using NurtureEngine.Core.Reports;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Development;

/// <inheritdoc cref="ISentMail" />
internal sealed class SentMail(DevelopmentInbox inbox) : ISentMail
{
    public async Task<IReadOnlyList<MailLine>> ListAsync(
        long? before,
        string? track,
        int limit,
        CancellationToken cancellationToken
    ) => [.. (await inbox.ListAsync(before, limit, lead: null, track, cancellationToken)).Items.Select(LineOf)];

    public async Task<IReadOnlyList<MailLine>> OfLeadAsync(long lead, int limit, CancellationToken cancellationToken) =>
        [.. (await inbox.ListAsync(before: null, limit, lead, track: null, cancellationToken)).Items.Select(LineOf)];

    public async Task<IReadOnlyList<MailGroup>> TracksAsync(CancellationToken cancellationToken) =>
        [.. (await inbox.TracksAsync(cancellationToken)).Select(GroupOf)];

    public async Task<IReadOnlyList<MailGroup>> LeadsAsync(int limit, CancellationToken cancellationToken) =>
        [.. (await inbox.LeadsAsync(limit, cancellationToken)).Select(GroupOf)];

    public async Task<MailSheet?> FindAsync(long id, CancellationToken cancellationToken) =>
        await inbox.FindAsync(id, cancellationToken) is { } mail
            ? new MailSheet(LineOf(mail), mail.Text ?? "", HeadersOf(mail))
            : null;

    private static MailLine LineOf(InboxMessage mail) =>
        new(mail.Id, mail.LeadId, mail.ReceivedAt, mail.Recipient, mail.Subject);

    private static MailGroup GroupOf(InboxGroup group) =>
        new(group.Key, group.Name, group.Further, group.Count, group.Latest);

    private static string HeadersOf(InboxMessage mail)
    {
        var text = Encoding.UTF8.GetString(mail.Message ?? []);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }
}
