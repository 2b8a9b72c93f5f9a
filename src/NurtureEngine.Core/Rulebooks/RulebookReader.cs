using System.Collections.Immutable;
using System.Text.Json;
using NodaTime;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Cleaning;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>Reads a rulebook from its JSON form and names every fault.</summary>
public static class RulebookReader
{
    private static readonly string[] Known =
    [
        "lifeCycles",
        "senders",
        "defaultTier",
        "consentDefault",
        "approvalExpiresAfter",
        "triggerWithin",
        "defaultLanguage",
        "defaultTimeZone",
        "criteria",
        "cadence",
        "calendars",
        "zones",
        "tracking",
        "roles",
        "customFields",
        "dictionary",
        "sameActivityWithin",
        "hubspot",
        "publishing",
    ];

    /// <summary>The rulebook, or null and at least one fault.</summary>
    public static Rulebook? TryRead(ReadOnlyMemory<byte> json, int version, out ImmutableArray<Diagnostic> faults) =>
        TryRead(json, version, isStored: false, out faults);

    /// <summary>A rulebook that is in force already: what later programs ask of a new one does not end it.</summary>
    public static Rulebook? TryReadStored(
        ReadOnlyMemory<byte> json,
        int version,
        out ImmutableArray<Diagnostic> faults
    ) => TryRead(json, version, isStored: true, out faults);

    private static Rulebook? TryRead(
        ReadOnlyMemory<byte> json,
        int version,
        bool isStored,
        out ImmutableArray<Diagnostic> faults
    )
    {
        var found = new List<Diagnostic>();
        var rulebook = JsonShape.TryParse(json, found, out var document)
            ? Read(document, version, isStored, found)
            : null;
        faults = [.. found];
        return found.Count == 0 ? rulebook : null;
    }

    private static Rulebook? Read(JsonDocument document, int version, bool isStored, List<Diagnostic> faults)
    {
        using var owned = document;
        var root = new JsonShape(document.RootElement, "", faults);
        root.AllowOnly(Known);
        var senders =
            root.Object("senders")
                ?.Properties()
                .ToImmutableSortedDictionary(p => p.Name, p => ReadSender(p.Shape), StringComparer.Ordinal)
            ?? ImmutableSortedDictionary<string, Sender>.Empty;
        if (!senders.ContainsKey("default"))
        {
            root.Fault("senders", "has no sender 'default'.");
        }

        var lifeCycles = LifeCycleReader.Read(root);
        var rulebook = new Rulebook
        {
            Version = version,
            LifeCycles = lifeCycles,
            Senders = senders,
            DefaultTier = root.OneOf<Tier>("defaultTier") ?? Tier.T3,
            ConsentRequired = root.Choice("consentDefault", "required", "assumed") is null or "required",
            ApprovalExpiresAfter = Some(root, "approvalExpiresAfter", TimeSpan.FromDays(14)),
            TriggerWithin = Some(root, "triggerWithin", TimeSpan.FromHours(24)),
            DefaultLanguage = ReadLanguage(root),
            DefaultZone = Zones.Find(root.TimeZone("defaultTimeZone")) ?? DateTimeZone.Utc,
            Cadence = CadenceReader.ReadRulebook(root),
            Calendars = CadenceReader.ReadCalendars(root),
            Zones = ReadZones(root),
            Tracking = ReadTracking(root),
            Roles = VocabularyReader.ReadRoles(root),
            CustomFields = VocabularyReader.ReadCustomFields(root),
            Dictionary = VocabularyReader.ReadDictionary(root),
            HubSpot = HubSpotMap.Read(root, isStored ? null : lifeCycles),
            Publishing = PublishingRules.Read(root),
            SameWithin = root.Duration("sameActivityWithin") ?? TimeSpan.FromMinutes(10),
        };
        return ReadCriteria(root) is { IsEmpty: false } criteria ? rulebook with { Criteria = criteria } : rulebook;
    }

    // With no time at all nothing would ever start, or wait.
    private static TimeSpan Some(JsonShape root, string name, TimeSpan usual)
    {
        var given = root.Duration(name);
        if (given <= TimeSpan.Zero)
        {
            root.Fault(name, "is no time at all; expected more, such as 24h.");
        }

        return given ?? usual;
    }

    private static string ReadLanguage(JsonShape root)
    {
        var text = root.Text("defaultLanguage") ?? "en";
        var tag = LanguageTag.Normalise(text);
        if (tag.Length < 2 || !tag.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || tag.Split('-')[0].Length > 3)
        {
            root.Fault("defaultLanguage", $"'{text}' is no language; expected an IETF tag such as en or zh-CN.");
        }

        return tag;
    }

    private static ImmutableSortedDictionary<string, DateTimeZone> ReadZones(JsonShape root)
    {
        var zones = ImmutableSortedDictionary.CreateBuilder<string, DateTimeZone>(StringComparer.OrdinalIgnoreCase);
        if (root.Object("zones") is { } shape)
        {
            foreach (var country in shape.Element.EnumerateObject().Select(member => member.Name))
            {
                if (!CountryZones.IsCountry(country))
                {
                    shape.Fault(country, "is no country; expected two letters (ISO 3166-1), such as CN.");
                }

                if (Zones.Find(shape.TimeZone(country)) is { } zone)
                {
                    zones[country] = zone;
                }
                else if (string.IsNullOrWhiteSpace(shape.Text(country)))
                {
                    shape.Fault(country, "is empty; expected an IANA name such as Asia/Shanghai, or no such member.");
                }
            }
        }

        return zones.ToImmutable();
    }

    private static Tracking ReadTracking(JsonShape root)
    {
        if (root.Object("tracking") is not { } shape)
        {
            return Tracking.All;
        }

        shape.AllowOnly("opens", "clicks", "notIn");
        var countries = shape.Texts("notIn");
        foreach (var country in countries.Where(country => !CountryZones.IsCountry(country)))
        {
            shape.Fault("notIn", $"names '{country}'; expected countries as two letters (ISO 3166-1), such as DE.");
        }

        return new Tracking(
            shape.Boolean("opens") ?? true,
            shape.Boolean("clicks") ?? true,
            countries.ToImmutableSortedSet(StringComparer.OrdinalIgnoreCase)
        );
    }

    private static ImmutableArray<string> ReadCriteria(JsonShape root)
    {
        var criteria = root.Texts("criteria").Select(text => text.Trim()).ToImmutableArray();
        foreach (
            var name in criteria.Where(name =>
                name.Length is 0 or > 100 || name.Contains('.', StringComparison.Ordinal)
            )
        )
        {
            root.Fault("criteria", $"names '{name}'; expected names of 1 to 100 characters without a point.");
        }

        if (criteria.Distinct(StringComparer.OrdinalIgnoreCase).Count() < criteria.Length)
        {
            root.Fault("criteria", "names a criterion more than once.");
        }

        return criteria;
    }

    private static Sender ReadSender(JsonShape shape)
    {
        shape.AllowOnly("name", "address", "replyTo", "company", "postalAddress");
        return new Sender(
            shape.RequiredText("name"),
            shape.RequiredEmail("address"),
            shape.Email("replyTo"),
            shape.RequiredText("company"),
            shape.RequiredText("postalAddress")
        );
    }
}
