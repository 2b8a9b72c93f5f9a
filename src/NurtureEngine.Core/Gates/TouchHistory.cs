using NodaTime;
using NurtureEngine.Core.Cadences;

namespace NurtureEngine.Core.Gates;

/// <summary>
/// What was sent before to the leads of a group, by lead, by address and by account. What passes the gate is added at once, so that the
/// next of the same group counts it.
/// </summary>
public sealed class TouchHistory
{
    private readonly Dictionary<long, List<SentTouch>> _byLead = [];
    private readonly Dictionary<string, List<SentTouch>> _byAddress = new(StringComparer.Ordinal);
    private readonly Dictionary<long, List<SentTouch>> _byAccount = [];
    private readonly HashSet<Guid> _known = [];

    /// <summary>Adds a touch; one that is known is not counted twice.</summary>
    public void Add(SentTouch sent)
    {
        if (!_known.Add(sent.Touch))
        {
            return;
        }

        Of(_byLead, sent.Lead).Add(sent);
        Of(_byAddress, sent.Address).Add(sent);
        if (sent.Account is { } account)
        {
            Of(_byAccount, account).Add(sent);
        }
    }

    /// <summary>
    /// What caps count for a lead: what was sent to them and to those who share an address with them, by whatever channel; what was sent to their
    /// address, whoever bore it; and what was sent to their account.
    /// </summary>
    /// <param name="leads">The lead, and all who share an address with them on some channel.</param>
    /// <param name="address">The key of the address that the touch would go to; null for none.</param>
    /// <param name="account">The lead's account; null for none.</param>
    /// <param name="track">The track of the touch.</param>
    /// <param name="zone">The lead's clock.</param>
    /// <param name="calendar">The lead's holidays.</param>
    public CadenceView ViewOf(
        IReadOnlyCollection<long> leads,
        string? address,
        long? account,
        int track,
        DateTimeZone zone,
        HolidayCalendar calendar
    )
    {
        var own = leads.SelectMany(lead => _byLead.GetValueOrDefault(lead) ?? []);
        var others = address is null ? [] : _byAddress.GetValueOrDefault(address) ?? [];
        return new CadenceView
        {
            Zone = zone,
            Calendar = calendar,
            Track = track,
            OfLead = [.. own.Concat(others.Where(sent => !leads.Contains(sent.Lead))).Select(sent => sent.Past)],
            OfAccount =
                account is { } id && _byAccount.TryGetValue(id, out var all) ? [.. all.Select(sent => sent.Past)] : [],
        };
    }

    private static List<SentTouch> Of<TKey>(Dictionary<TKey, List<SentTouch>> lists, TKey key)
        where TKey : notnull => lists.TryGetValue(key, out var list) ? list : lists[key] = [];
}

/// <summary>
/// A touch that left, or may have left: to which lead, at which address (trimmed, lower case), of which account (null for none) at that time.
/// </summary>
public sealed record SentTouch(Guid Touch, long Lead, string Address, long? Account, PastTouch Past);
