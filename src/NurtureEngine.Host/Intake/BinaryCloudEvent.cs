using System.Buffers;
using System.Text.Json;
using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Host.Intake;

/// <summary>
/// CloudEvents 1.0 in binary mode: the attributes stand in headers, the body is the event's data. It is kept as the same event in structured mode, so
/// that all that come are read alike.
/// </summary>
/// <remarks>
/// A signature covers id, time and body, not these headers: the event is known by the signed id, so that the same one with other headers is the same.
/// </remarks>
internal static class BinaryCloudEvent
{
    private const string Prefix = "ce-";

    // What the envelope is made of; other attributes are extensions, which mean nothing here.
    private static readonly string[] Attributes = ["specversion", "id", "source", "type", "time", "subject"];

    public static bool Is(HttpRequest request) =>
        request.Headers.ContainsKey(Prefix + "specversion")
        && request.ContentType?.StartsWith("application/cloudevents", StringComparison.OrdinalIgnoreCase) != true;

    /// <summary>The event in structured mode; the body itself where it is no JSON, which its reader then says.</summary>
    public static byte[] ToStructured(HttpRequest request, byte[] body)
    {
        try
        {
            using var data = JsonDocument.Parse(JsonShape.WithoutMarks(body));
            var buffer = new ArrayBufferWriter<byte>(body.Length + 400);
            using (var writer = new Utf8JsonWriter(buffer))
            {
                writer.WriteStartObject();
                foreach (var name in Attributes)
                {
                    if (request.Headers[Prefix + name] is [{ } value, ..])
                    {
                        // HTTP protocol binding for CloudEvents, section 3.1.3.2: percent-encoded UTF-8.
                        writer.WriteString(name, Uri.UnescapeDataString(value.Trim('"')));
                    }
                }

                writer.WritePropertyName("data");
                data.RootElement.WriteTo(writer);
                writer.WriteEndObject();
            }

            return buffer.WrittenSpan.ToArray();
        }
        catch (JsonException)
        {
            return body;
        }
    }
}
