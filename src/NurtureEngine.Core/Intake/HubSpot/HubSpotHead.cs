using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Intake.HubSpot;

/// <summary>What an event of HubSpot's is about.</summary>
/// <param name="Type">HubSpot's name for it, such as <c>contact.propertyChange</c>.</param>
/// <param name="Subject">The record; for a merge the one that stays.</param>
/// <param name="EventId">What tells it from others, the same at every attempt.</param>
public sealed record HubSpotHead(string Type, ExternalKey Subject, string EventId)
{
    /// <summary>The records that end in the subject, of a merge.</summary>
    public ImmutableArray<ExternalKey> Merged { get; private init; } = [];

    private static readonly string[] Telling =
    [
        "portalId",
        "objectId",
        "propertyName",
        "occurredAt",
        "propertyValue",
        "fromObjectId",
        "toObjectId",
        "newObjectId",
        "primaryObjectId",
        "associationRemoved",
    ];

    // What the types of generic subscriptions begin with; those that stay so are about records of other kinds.
    private const string Generic = "object.";
    private const string Association = ".associationChange";

    private static readonly string[] AlsoTelling = ["subscriptionStatus", "status"];

    /// <summary>What an event is about and what tells it from others; <c>unknown</c> and nothing where it is no event of HubSpot's.</summary>
    public static HubSpotHead Of(JsonElement shape) =>
        TryRead(shape)
        ?? new HubSpotHead(
            "unknown",
            new ExternalKey(HubSpotEvent.Source, "unknown"),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shape.GetRawText())))
        );

    // A text that is no Unicode makes one event unreadable, not its batch.
    internal static HubSpotHead? TryRead(JsonElement shape)
    {
        try
        {
            return Read(shape);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static HubSpotHead? Read(JsonElement shape)
    {
        if (
            shape.ValueKind != JsonValueKind.Object
            || (Text(shape, "subscriptionType") ?? Text(shape, "eventType")) is not { Length: > 0 and <= 100 } said
            || !shape.TryGetProperty("occurredAt", out var at)
            || !at.TryGetInt64(out var milliseconds)
            || milliseconds is < 0 or > 4_102_444_800_000
        )
        {
            return null;
        }

        var type = TypeOf(shape, said);
        if (SubjectOf(shape, type) is not { Length: > 0 and <= 100 } subject)
        {
            return null;
        }

        // HubSpot's eventId is not unique; what happened to which property when, is.
        var key = string.Join(
            '\n',
            Telling
                .Select(name => shape.TryGetProperty(name, out var value) ? value.ToString() : "")
                .Append(IsOther(type) ? $"{type} {subject}" : type)
                // Behind the others, and only where they are there: what was stored before keeps its id.
                .Concat(
                    AlsoTelling.Where(name => shape.TryGetProperty(name, out _)).Select(name => Text(shape, name) ?? "")
                )
        );
        return new HubSpotHead(
            type,
            new ExternalKey(HubSpotEvent.Source, subject),
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))
        )
        {
            Merged = type == "contact.merge" ? MergedOf(shape, subject) : [],
        };
    }

    // A generic subscription names the kind of the record beside the type (HubSpot, "generic webhook subscriptions"); both mean the same event.
    private static string TypeOf(JsonElement shape, string type)
    {
        // The association of a contact and a company is told from either end.
        if (type.EndsWith(Association, StringComparison.Ordinal) && IsFromCompany(shape))
        {
            return $"contact{Association}";
        }

        if (!IsOther(type))
        {
            return type;
        }

        return KindOf(shape) switch
        {
            "0-1" => $"contact.{type[Generic.Length..]}",
            "0-2" => $"company.{type[Generic.Length..]}",
            "0-3" => $"deal.{type[Generic.Length..]}",
            _ => type,
        };
    }

    /// <summary>Whether an association leads from a company to a contact.</summary>
    internal static bool IsFromCompany(JsonElement shape) =>
        Text(shape, "associationType") is { } said
            ? said.Contains("COMPANY_TO_CONTACT", StringComparison.OrdinalIgnoreCase)
            : (Text(shape, "fromObjectTypeId"), Text(shape, "toObjectTypeId")) is ("0-2", "0-1");

    private static bool IsOther(string type) => type.StartsWith(Generic, StringComparison.Ordinal);

    private static string? KindOf(JsonElement shape) => Text(shape, "objectTypeId") ?? Text(shape, "fromObjectTypeId");

    // The record that stays may be a new one, in which both end; where the two differ, what the primary one says holds.
    private static ImmutableArray<ExternalKey> MergedOf(JsonElement shape, string stays)
    {
        var others =
            shape.TryGetProperty("mergedObjectIds", out var ids) && ids.ValueKind == JsonValueKind.Array
                ? ids.EnumerateArray().Select(id => id.ToString())
                : [];
        return
        [
            .. others
                .Prepend(Text(shape, "primaryObjectId") ?? stays)
                .Where(id => id.Length is > 0 and <= 100 && id != stays)
                .Distinct()
                .Select(id => new ExternalKey(HubSpotEvent.Source, id)),
        ];
    }

    private static string? SubjectOf(JsonElement shape, string type) =>
        type switch
        {
            "contact.merge" => Text(shape, "newObjectId") ?? Text(shape, "primaryObjectId") ?? Text(shape, "objectId"),
            "contact.associationChange" => Text(shape, IsFromCompany(shape) ? "toObjectId" : "fromObjectId"),
            // A record of another kind may have the number of a contact.
            _ when IsOther(type) => Text(shape, "objectId") is { } id ? $"{KindOf(shape)}/{id}" : null,
            _ => Text(shape, "objectId") ?? Text(shape, "contactId"),
        };

    internal static string? Text(JsonElement shape, string name) =>
        shape.TryGetProperty(name, out var value)
        && value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            ? string.Create(CultureInfo.InvariantCulture, $"{value}").Replace("\0", "", StringComparison.Ordinal)
            : null;
}
