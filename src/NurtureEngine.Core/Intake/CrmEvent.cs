using System.Collections.Immutable;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;

namespace NurtureEngine.Core.Intake;

/// <summary>What has happened to a lead, by the word of another system or of the engine itself.</summary>
public sealed record CrmEvent : IntakeEvent
{
    public required ExternalKey Lead { get; init; }

    public override ExternalKey Subject => Lead;

    /// <summary>The lead's fields that the sender named; null clears.</summary>
    public IReadOnlyDictionary<string, string?> Fields { get; init; } = ImmutableDictionary<string, string?>.Empty;

    public ImmutableArray<Consent> Consents { get; init; } = [];

    /// <summary>Null unless the event moves the lead within a life cycle.</summary>
    public StageChange? Stage { get; init; }

    /// <summary>The leads that are the same person and end in this one; empty unless the type is <c>lead.merged</c>.</summary>
    public ImmutableArray<ExternalKey> Merged { get; init; } = [];

    /// <summary>What a step of a track wants changed; null where the event is another's.</summary>
    public LeadChange? Change { get; init; }

    /// <summary>The moment that has come; null where the event is of another kind.</summary>
    public Moment? Moment { get; init; }

    /// <summary>What became of a touch; null where the event is of another kind.</summary>
    public Feedback? Feedback { get; init; }

    /// <summary>What a person in the engine's own faces has set; null where the event is another's.</summary>
    public HandEdit? Hand { get; init; }

    /// <summary>Whether it says what has long been so: it starts no track and ends no wait, however new it is.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Whether it is the engine's own.</summary>
    public bool IsOwn => Change is not null || Moment is not null || Feedback is not null || Hand is not null;

    /// <summary>Null unless the type is one of <c>activity.*</c>.</summary>
    public Activity? Activity { get; init; }

    /// <summary>The address by which the lead may be found where its key is not known, as suppression knows it; null where there is none.</summary>
    public string? Address =>
        Fields.GetValueOrDefault(Leads.Fields.Email) is { Length: > 0 } email ? EmailAddress.Identity(email)
        : Lead.Source == ExternalKey.ByAddress ? Lead.ExternalId
        : null;
}

/// <summary>Who set a lead's stage by hand, and why.</summary>
public sealed record HandEdit(string By, string? Reason);
