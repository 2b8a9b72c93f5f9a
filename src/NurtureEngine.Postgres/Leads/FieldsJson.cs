using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Postgres.Leads;

/// <summary>The database's form of a <see cref="FieldSet"/>: one object of values, one of stamps as <c>[version, ticks]</c>.</summary>
internal static class FieldsJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string WriteValues(FieldSet fields) =>
        Write(
            fields,
            static (writer, fields) =>
            {
                foreach (var (field, value) in fields.Values)
                {
                    writer.WriteString(field, value);
                }
            }
        );

    public static string WriteStamps(FieldSet fields) =>
        Write(
            fields,
            static (writer, fields) =>
            {
                foreach (var (field, stamp) in fields.Stamps)
                {
                    writer.WriteStartArray(field);
                    if (stamp.Version is { } version)
                    {
                        writer.WriteNumberValue(version);
                    }
                    else
                    {
                        writer.WriteNullValue();
                    }

                    writer.WriteNumberValue(stamp.At.UtcTicks);
                    writer.WriteEndArray();
                }
            }
        );

    public static FieldSet Read(string values, string stamps)
    {
        var known = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(values));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString()!;
            reader.Read();
            known[field] = reader.GetString()!;
        }

        var told = ImmutableSortedDictionary.CreateBuilder<string, Stamp>(StringComparer.Ordinal);
        reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(stamps));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString()!;
            reader.Read();
            reader.Read();
            long? version = reader.TokenType == JsonTokenType.Null ? null : reader.GetInt64();
            reader.Read();
            told[field] = new Stamp(version, new DateTimeOffset(reader.GetInt64(), TimeSpan.Zero));
            reader.Read();
        }

        return new FieldSet(known.ToImmutable(), told.ToImmutable());
    }

    private static string Write(FieldSet fields, Action<Utf8JsonWriter, FieldSet> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        write(writer, fields);
        writer.WriteEndObject();
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
