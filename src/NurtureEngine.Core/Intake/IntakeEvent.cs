using System.Collections.Immutable;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Cleaning;

namespace NurtureEngine.Core.Intake;

/// <summary>What another system says has happened.</summary>
public abstract record IntakeEvent
{
    /// <summary>The event's type, such as <c>lead.stage_changed</c>.</summary>
    public required string Type { get; init; }

    /// <summary>How new the fact is: when it happened by the sender's clock (UTC), and the record's version where the sender counts them.</summary>
    public required Stamp Stamp { get; init; }

    /// <summary>The company's fields that the sender named; null where it named no company.</summary>
    public CompanyPatch? Company { get; init; }

    /// <summary>What the sender says of an opportunity; null where it speaks of none.</summary>
    public DealPatch? Deal { get; init; }

    /// <summary>Whether it is a row of a file: where it tells nothing new, it is not even as if it had been told again.</summary>
    public bool IsImported => Type == EventTypes.Imported;

    /// <summary>What it is about: events of one subject are applied in the order of their arrival.</summary>
    public abstract ExternalKey Subject { get; }
}

/// <summary>A company's or opportunity's record, told of without a lead.</summary>
public sealed record RecordEvent : IntakeEvent
{
    public override ExternalKey Subject => Company?.Key ?? Deal!.Key;
}

/// <summary>What an event says of a company.</summary>
public sealed record CompanyPatch(ExternalKey Key, IReadOnlyDictionary<string, string?> Fields)
{
    /// <summary>The company's domain on the internet; null where the event does not tell one that is its own.</summary>
    public string? Domain => MailDomain.Own(Fields.GetValueOrDefault(Leads.Fields.Domain));
}

/// <summary>What an event says of an opportunity, and which leads of the same sender have to do with it.</summary>
public sealed record DealPatch(
    ExternalKey Key,
    ImmutableDictionary<string, string?> Fields,
    ImmutableArray<ExternalKey> Contacts
);

/// <summary>A move within a life cycle, in the sender's words; <paramref name="LifeCycle"/> null is the default one.</summary>
public sealed record StageChange(string? LifeCycle, string? From, string To);
