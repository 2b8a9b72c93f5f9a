using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Facts;

/// <summary>
/// What is known before events are applied: their leads, the accounts that events name or leads have, and the versions of tracks
/// that the leads are in.
/// </summary>
public sealed record KnownFacts(
    IReadOnlyList<Lead> Leads,
    IReadOnlyList<Account> Accounts,
    ILookup<ExternalKey, TrackVersionId> Live
);
