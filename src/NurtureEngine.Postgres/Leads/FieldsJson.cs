using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Postgres.Leads;

/// <summary>The database's form of a <see cref="FieldSet"/>: one object of values, one of stamps as <c>[version, ticks]</c>.</summary>
internal static class FieldsJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string WriteValues(FieldSet fields) => JsonSerializer.Serialize(fields.Values, Options);

    public static string WriteStamps(FieldSet fields) =>
        JsonSerializer.Serialize(
            fields.Stamps.ToDictionary(
                pair => pair.Key,
                pair => new long?[] { pair.Value.Version, pair.Value.At.UtcTicks }
            ),
            Options
        );

    public static FieldSet Read(string values, string stamps)
    {
        var read = JsonSerializer.Deserialize<Dictionary<string, long?[]>>(stamps)!;
        return new FieldSet(
            JsonSerializer
                .Deserialize<Dictionary<string, string>>(values)!
                .ToImmutableSortedDictionary(StringComparer.Ordinal),
            read.ToImmutableSortedDictionary(
                pair => pair.Key,
                pair => new Stamp(pair.Value[0], new DateTimeOffset(pair.Value[1]!.Value, TimeSpan.Zero)),
                StringComparer.Ordinal
            )
        );
    }
}
