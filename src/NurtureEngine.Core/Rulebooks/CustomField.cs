using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>What values a custom field of leads may have: of a type, or out of a list.</summary>
public sealed record CustomField(CustomType Type, ImmutableArray<string> Choices)
{
    /// <summary>
    /// The value (JSON) as the field keeps it: a text that says the same is taken for it; null where it is none of the field's.
    /// </summary>
    public string? Fit(string json)
    {
        using var document = JsonDocument.Parse(json);
        var value = document.RootElement;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : value.GetRawText();
        return Type switch
        {
            CustomType.Text => JsonSerializer.Serialize(text),
            CustomType.Number => decimal.TryParse(
                text,
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var number
            )
                ? number.ToString(CultureInfo.InvariantCulture)
                : null,
            CustomType.Boolean => text.ToLowerInvariant() is "true" or "false" ? text.ToLowerInvariant() : null,
            CustomType.Date => DateOnly.TryParseExact(
                text,
                "yyyy-MM-dd",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out _
            ) || IsoInstant.TryParse(text, out _)
                ? JsonSerializer.Serialize(text)
                : null,
            _ => Choices.FirstOrDefault(choice => string.Equals(choice, text, StringComparison.OrdinalIgnoreCase))
                is { } known
                ? JsonSerializer.Serialize(known)
                : null,
        };
    }

    /// <summary>What a sentence about a wrong value says is expected.</summary>
    public string Expected =>
        Type switch
        {
            CustomType.Text => "a text",
            CustomType.Number => "a number",
            CustomType.Boolean => "true or false",
            CustomType.Date => "a date such as 2026-01-31, or an instant",
            _ => $"one of {string.Join(", ", Choices)}",
        };
}

/// <summary>The types of custom fields.</summary>
public enum CustomType
{
    Text,
    Number,
    Boolean,
    Date,
    Choice,
}
