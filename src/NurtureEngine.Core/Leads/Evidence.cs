using System.Text.Json;

namespace NurtureEngine.Core.Leads;

/// <summary>A dated, sourced fact by which a lead meets a qualification criterion; the latest of a criterion holds.</summary>
/// <param name="Fact">What is known, such as <c>asked for a quote</c>.</param>
/// <param name="Source">Who says so, such as <c>welcome/Form</c>: a track and its step.</param>
/// <param name="At">Since when it is known (business time).</param>
public sealed record Evidence(string Fact, string Source, DateTimeOffset At)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The evidence that a lead has of a criterion, whatever its case; null where there is none.</summary>
    public static Evidence? Of(Lead lead, string criterion) =>
        lead
            .Fields.Values.Where(field =>
                field.Key.StartsWith(Fields.EvidencePrefix, StringComparison.Ordinal)
                && field.Key.AsSpan(Fields.EvidencePrefix.Length).Equals(criterion, StringComparison.OrdinalIgnoreCase)
            )
            .Select(field => JsonSerializer.Deserialize<Evidence>(field.Value, Json))
            .FirstOrDefault();

    /// <summary>The form in which it is kept as a field.</summary>
    public string ToField() => JsonSerializer.Serialize(this, Json);
}
