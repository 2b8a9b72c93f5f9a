using System.Collections.Immutable;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Intake;

/// <summary>What a CRM says has happened, as read from its webhook.</summary>
public sealed record CrmEvent
{
    /// <summary>The event's type, such as <c>lead.stage_changed</c>.</summary>
    public required string Type { get; init; }

    public required ExternalKey Lead { get; init; }

    /// <summary>How new the fact is: when it happened by the sender's clock (UTC), and the record's version where the sender counts them.</summary>
    public required Stamp Stamp { get; init; }

    /// <summary>The lead's fields that the sender named; null clears.</summary>
    public ImmutableDictionary<string, string?> Fields { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>The company's fields that the sender named; null where it named no company.</summary>
    public CompanyPatch? Company { get; init; }

    public ImmutableArray<Consent> Consents { get; init; } = [];

    /// <summary>Null unless the type is <c>lead.stage_changed</c>.</summary>
    public StageChange? Stage { get; init; }

    /// <summary>What a step of a track wants changed; null where the event is a CRM's.</summary>
    public LeadChange? Change { get; init; }

    /// <summary>The moment that has come; null where the event is of another kind.</summary>
    public Moment? Moment { get; init; }

    /// <summary>What became of a touch; null where the event is of another kind.</summary>
    public Feedback? Feedback { get; init; }

    /// <summary>Whether it is the engine's own.</summary>
    public bool IsOwn => Change is not null || Moment is not null || Feedback is not null;

    /// <summary>Null unless the type is one of <c>activity.*</c>.</summary>
    public Activity? Activity { get; init; }
}

/// <summary>What an event says of the lead's company.</summary>
public sealed record CompanyPatch(ExternalKey Key, ImmutableDictionary<string, string?> Fields);

/// <summary>A move within a life cycle, in the sender's words; <paramref name="LifeCycle"/> null is the default one.</summary>
public sealed record StageChange(string? LifeCycle, string? From, string To);
