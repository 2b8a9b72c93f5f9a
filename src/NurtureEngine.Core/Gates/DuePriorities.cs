namespace NurtureEngine.Core.Gates;

/// <summary>
/// How urgent the most urgent touch is that is about to leave, beside those of a group: to a lead or an address of theirs, and to an account.
/// </summary>
public sealed class DuePriorities
{
    private readonly Dictionary<long, int> _ofLead = [];
    private readonly Dictionary<long, int> _ofAccount = [];

    /// <summary>Adds the most urgent touch of those who share an address with a lead, the lead included.</summary>
    public void AddOfLead(long lead, int priority) => _ofLead[lead] = priority;

    /// <summary>Adds the most urgent touch of an account.</summary>
    public void AddOfAccount(long account, int priority) => _ofAccount[account] = priority;

    /// <summary>Whether something more urgent than <paramref name="priority"/> is about to leave.</summary>
    /// <param name="lead">The lead.</param>
    /// <param name="account">The lead's account; null for none.</param>
    /// <param name="priority">0 to 100; the higher, the more urgent.</param>
    public bool HasMoreUrgent(long lead, long? account, int priority) =>
        _ofLead.GetValueOrDefault(lead) > priority
        || (account is { } id && _ofAccount.GetValueOrDefault(id) > priority);
}
