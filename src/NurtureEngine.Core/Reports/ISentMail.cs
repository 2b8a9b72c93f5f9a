namespace NurtureEngine.Core.Reports;

/// <summary>E-mails that were sent while no mail server is configured. They were not delivered.</summary>
public interface ISentMail
{
    /// <summary>Mails before an id, the newest first, of all tracks or one; null begins with the newest.</summary>
    Task<IReadOnlyList<MailLine>> ListAsync(
        long? before,
        string? track,
        int limit,
        CancellationToken cancellationToken
    );

    /// <summary>The mails of a lead, the newest first.</summary>
    Task<IReadOnlyList<MailLine>> OfLeadAsync(long lead, int limit, CancellationToken cancellationToken);

    /// <summary>How many mails each track has sent.</summary>
    Task<IReadOnlyList<MailGroup>> TracksAsync(CancellationToken cancellationToken);

    /// <summary>How many mails each lead has got, those with the latest first.</summary>
    Task<IReadOnlyList<MailGroup>> LeadsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>One mail; null where there is none.</summary>
    Task<MailSheet?> FindAsync(long id, CancellationToken cancellationToken);
}

/// <summary>A mail in a list; the lead is 0 where it is to a colleague about none.</summary>
public sealed record MailLine(long Id, long LeadId, DateTimeOffset ReceivedAt, string Recipient, string Subject);

/// <summary>Mails that have something in common; the key is empty where there is no page of them.</summary>
public sealed record MailGroup(string Key, string Name, string Further, long Count, DateTimeOffset Latest);

/// <summary>A mail: its plain text, and the headers as they would have gone over the wire.</summary>
public sealed record MailSheet(MailLine Line, string Text, string Headers);
