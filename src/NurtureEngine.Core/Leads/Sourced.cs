using System.Text.Json;

namespace NurtureEngine.Core.Leads;

/// <summary>Something that a person found out: what, where, and when.</summary>
public sealed record Sourced(string Text, string Source, DateTimeOffset At)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The form in which one is kept as a field.</summary>
    public string ToField() => JsonSerializer.Serialize(this, Json);

    /// <summary>The form in which several are kept as one field.</summary>
    public static string ToField(IReadOnlyList<Sourced> entries) => JsonSerializer.Serialize(entries, Json);

    /// <summary>One that was kept as a field; null for null.</summary>
    public static Sourced? Of(string? field) => field is null ? null : JsonSerializer.Deserialize<Sourced>(field, Json);

    /// <summary>Those that were kept as one field; none for null.</summary>
    public static IReadOnlyList<Sourced> AllOf(string? field) =>
        field is null ? [] : JsonSerializer.Deserialize<List<Sourced>>(field, Json) ?? [];
}
