using System.Collections.Immutable;
using NodaTime;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>The marketing settings in force. Verdicts cite <see cref="Version"/>.</summary>
public sealed record Rulebook
{
    public int Version { get; init; }

    /// <summary>The life cycles, the first being the one that an event without a life cycle speaks of.</summary>
    public required ImmutableArray<LifeCycle> LifeCycles { get; init; }

    /// <summary>The senders by name; <c>default</c> is always among them.</summary>
    public required ImmutableSortedDictionary<string, Sender> Senders { get; init; }

    /// <summary>The tier of an account that has none.</summary>
    public Tier DefaultTier { get; init; } = Tier.T3;

    /// <summary>Whether marketing needs a granted consent; where false, only a withdrawn one stops a touch.</summary>
    public bool ConsentRequired { get; init; } = true;

    /// <summary>How long a touch may wait for a person's yes before it expires.</summary>
    public TimeSpan ApprovalExpiresAfter { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Events older than this still update a lead and never trigger a track.</summary>
    public TimeSpan TriggerWithin { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The language of a lead that has none, as an IETF tag.</summary>
    public string DefaultLanguage { get; init; } = "en";

    /// <summary>The time zone of a lead that has none, or one that is not known.</summary>
    public DateTimeZone DefaultZone { get; init; } = DateTimeZone.Utc;

    /// <summary>The criteria of qualification, such as those of BANT; evidence is given for these.</summary>
    public ImmutableArray<string> Criteria { get; init; } = ["Budget", "Authority", "Need", "Timeline"];

    /// <summary>A sender by name; one that the rulebook has lost is stood in for by the default one.</summary>
    public Sender SenderFor(string name) => Senders.GetValueOrDefault(name) ?? Senders["default"];

    /// <summary>A life cycle by name; the default one for null; null where there is none of that name.</summary>
    public LifeCycle? FindLifeCycle(string? name) =>
        name is null
            ? LifeCycles[0]
            : LifeCycles.FirstOrDefault(cycle => string.Equals(cycle.Name, name, StringComparison.OrdinalIgnoreCase));
}
