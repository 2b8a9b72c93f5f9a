using System.Text.Json;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Diagnostics;

/// <summary>The members of a JSON object that are more than texts; null where one is absent, null or (a fault) something else.</summary>
public sealed partial class JsonShape
{
    public string? Email(string name)
    {
        var text = Text(name)?.Trim();
        if (string.IsNullOrEmpty(text) || EmailAddress.IsValid(text))
        {
            return text;
        }

        Fault(name, "is no e-mail address; expected one such as ann@example.com.");
        return null;
    }

    /// <summary>The name of a time zone of the IANA database, or an empty text; null where it is absent, null or no such name.</summary>
    public string? TimeZone(string name)
    {
        var text = Text(name)?.Trim();
        if (string.IsNullOrEmpty(text) || Zones.Find(text) is not null)
        {
            return text;
        }

        Fault(name, $"'{text}' is no time zone; expected an IANA name such as Europe/Berlin.");
        return null;
    }

    public string RequiredEmail(string name) => RequiredText(name).Length > 0 ? Email(name) ?? "" : "";

    public bool? Boolean(string name)
    {
        if (Raw(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Fault(name, $"is {Kind(value)}; expected true or false.");
        return null;
    }

    public long? Integer(string name)
    {
        if (Raw(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number))
        {
            return number;
        }

        Fault(name, $"is {Kind(value)}; expected a whole number.");
        return null;
    }

    public decimal? Decimal(string name)
    {
        if (Raw(name) is not { ValueKind: not JsonValueKind.Null } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number))
        {
            return number;
        }

        Fault(name, $"is {Kind(value)}; expected a number.");
        return null;
    }

    public DateTimeOffset? Instant(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (IsoInstant.TryParse(text, out var at))
        {
            return at;
        }

        Fault(name, $"'{text}' is no instant; expected ISO 8601 with an offset, such as 2026-01-31T09:30:00Z.");
        return null;
    }

    public TimeSpan? Duration(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (Diagnostics.Duration.TryParse(text, out var duration))
        {
            return duration;
        }

        Fault(name, $"'{text}' is no duration; {Diagnostics.Duration.Expected}.");
        return null;
    }

    public TEnum? OneOf<TEnum>(string name)
        where TEnum : struct, Enum => Choice(name, Enum.GetNames<TEnum>()) is { } text ? Enum.Parse<TEnum>(text) : null;

    public string? Choice(string name, params string[] choices)
    {
        if (Text(name) is not { Length: > 0 } text || choices.Contains(text))
        {
            return Text(name) is { Length: > 0 } chosen ? chosen : null;
        }

        Fault(name, $"'{text}' is not known; expected one of {string.Join(", ", choices)}.");
        return null;
    }
}
