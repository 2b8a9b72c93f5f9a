namespace NurtureEngine.Core.Reports;

/// <summary>Finds leads and accounts by what people know of them.</summary>
public interface ISearch
{
    /// <summary>Whether a text is long enough: two characters, or one that is not ASCII, since a Chinese family name is one character.</summary>
    static bool Takes(string text) => text.Length > 1 || (text.Length == 1 && !char.IsAscii(text[0]));

    /// <summary>
    /// Leads by the beginning of their name or e-mail address, an id of another system or their own; accounts by the beginning of their name or
    /// domain, or an id. Ten of each at most, the latest first.
    /// </summary>
    /// <param name="text">What was typed; nothing is found if it is too short.</param>
    /// <param name="reach">Which leads the caller may see.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<SearchResult> FindAsync(string text, LeadReach reach, CancellationToken cancellationToken);
}

/// <summary>What was found.</summary>
public sealed record SearchResult(IReadOnlyList<FoundLead> Leads, IReadOnlyList<FoundAccount> Accounts);

/// <summary>A lead that was found; null where it is not known, or not to be seen.</summary>
public sealed record FoundLead(long Id, string? Name, string? Email, string? Company);

/// <summary>An account that was found.</summary>
public sealed record FoundAccount(long Id, string? Name, string? Domain);
