using NodaTime;
using NurtureEngine.Core.Cadences;

namespace NurtureEngine.Core.Gates;

/// <summary>
/// What was sent before to the leads of a group, by address and by account. What passes the gate is added at once, so that the next
/// of the same group counts it.
/// </summary>
public sealed class TouchHistory
{
    private readonly Dictionary<string, List<PastTouch>> _byAddress = new(StringComparer.Ordinal);
    private readonly Dictionary<long, List<PastTouch>> _byAccount = [];

    /// <param name="address">The address as caps know it: trimmed, lower case.</param>
    /// <param name="account">The account that the lead belonged to; null for none.</param>
    /// <param name="past">When, and by which track.</param>
    public void Add(string address, long? account, PastTouch past)
    {
        AddOfLead(address, past);
        if (account is { } id)
        {
            AddOfAccount(id, past);
        }
    }

    public void AddOfLead(string address, PastTouch past) => Of(_byAddress, address).Add(past);

    public void AddOfAccount(long account, PastTouch past) => Of(_byAccount, account).Add(past);

    public CadenceView ViewOf(string? address, long? account, int track, DateTimeZone zone, HolidayCalendar calendar) =>
        new()
        {
            Zone = zone,
            Calendar = calendar,
            Track = track,
            OfLead = address is not null && _byAddress.TryGetValue(address, out var own) ? [.. own] : [],
            OfAccount = account is { } id && _byAccount.TryGetValue(id, out var all) ? [.. all] : [],
        };

    private static List<PastTouch> Of<TKey>(Dictionary<TKey, List<PastTouch>> lists, TKey key)
        where TKey : notnull => lists.TryGetValue(key, out var list) ? list : lists[key] = [];
}
