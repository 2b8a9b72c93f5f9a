using System.Collections.Immutable;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Facts;

/// <summary>What is known before events are applied: all that they are about.</summary>
public sealed record KnownFacts
{
    /// <summary>The leads, each under the first of its names.</summary>
    public IReadOnlyList<Lead> Leads { get; init; } = [];

    /// <summary>Who is meant by what events call a lead; nobody who is known where a name is not among them.</summary>
    public IReadOnlyDictionary<ExternalKey, KnownName> LeadNames { get; init; } =
        ImmutableDictionary<ExternalKey, KnownName>.Empty;

    /// <summary>The accounts that events name or leads have, each under the first of its names.</summary>
    public IReadOnlyList<Account> Accounts { get; init; } = [];

    /// <summary>Which account is meant by what events and leads call one.</summary>
    public IReadOnlyDictionary<ExternalKey, KnownName> AccountNames { get; init; } =
        ImmutableDictionary<ExternalKey, KnownName>.Empty;

    public IReadOnlyList<Opportunity> Opportunities { get; init; } = [];

    /// <summary>The versions of tracks that the leads are in.</summary>
    public ILookup<ExternalKey, TrackVersionId> Live { get; init; } =
        Enumerable.Empty<ExternalKey>().ToLookup(key => key, _ => default(TrackVersionId));

    /// <summary>The versions among these that were set aside for another one of their lane.</summary>
    public IReadOnlySet<(ExternalKey Lead, TrackVersionId Version)> Aside { get; init; } =
        ImmutableHashSet<(ExternalKey, TrackVersionId)>.Empty;

    /// <summary>What was reported of the leads about the time of the activities that events tell of.</summary>
    public ILookup<ExternalKey, SeenActivity> Activities { get; init; } =
        Enumerable.Empty<ExternalKey>().ToLookup(key => key, _ => (SeenActivity)null!);
}

/// <summary>What a name stands for.</summary>
/// <param name="Key">The first name of the lead or account.</param>
/// <param name="Kind">How it came to be known by this name.</param>
public readonly record struct KnownName(ExternalKey Key, NameKind Kind);

public enum NameKind
{
    /// <summary>It always had it.</summary>
    Own = 0,

    /// <summary>It is that of one that ended in this one.</summary>
    Merged = 1,

    /// <summary>It gets it now: it was found by its address or domain.</summary>
    Found = 2,

    /// <summary>Nobody can tell: several have the address.</summary>
    Ambiguous = 3,
}

/// <summary>A possible order of an account. The id is null until it is stored.</summary>
public sealed record Opportunity(long? Id, ExternalKey Key, FieldSet Fields)
{
    /// <summary>The company, by the key under which its source knows it; null where none was named.</summary>
    public ExternalKey? Account => Fields[Leads.Fields.Company] is { } key ? ExternalKey.Parse(key) : null;
}
