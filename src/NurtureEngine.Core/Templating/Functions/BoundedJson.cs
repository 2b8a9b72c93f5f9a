using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using NurtureEngine.Core.Templating.Rendering;
using Scriban.Runtime;
using Scriban.Syntax;

namespace NurtureEngine.Core.Templating.Functions;

/// <summary>
/// <c>object.to_json</c> for what a template made itself, within the rendering's bounds: Scriban's writes what is reachable several times as often as
/// it is reached, without end.
/// </summary>
internal static class BoundedJson
{
    private const int MaxDepth = 20;

    public static string Of(object? value, RenderContext context, ScriptNode caller)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            Write(writer, value, depth: 0);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);

        void Write(Utf8JsonWriter json, object? item, int depth)
        {
            context.Budget.Step(caller.Span);
            Budget.CheckLength(json.BytesCommitted + json.BytesPending, caller.Span);
            if (depth > MaxDepth)
            {
                throw new BoundException(caller.Span, "The value is nested too deep.");
            }

            switch (item)
            {
                case null:
                    json.WriteNullValue();
                    break;
                case ModelObject or IScriptCustomFunction:
                    throw new RefusedException(caller.Span, "Only what the template made itself becomes JSON.");
                case ScriptArray or IList:
                    json.WriteStartArray();
                    foreach (var element in (IEnumerable)item)
                    {
                        Write(json, element, depth + 1);
                    }

                    json.WriteEndArray();
                    break;
                case ScriptObject made:
                    json.WriteStartObject();
                    foreach (var (name, member) in made)
                    {
                        json.WritePropertyName(name);
                        Write(json, member, depth + 1);
                    }

                    json.WriteEndObject();
                    break;
                case BigInteger number:
                    json.WriteRawValue(number.ToString(CultureInfo.InvariantCulture));
                    break;
                case Markup or WrittenNumber or string:
                    json.WriteStringValue(item.ToString());
                    break;
                case IEnumerable items:
                    Write(json, new ScriptArray(items), depth);
                    break;
                default:
                    JsonSerializer.Serialize(json, item, item.GetType());
                    break;
            }
        }
    }
}
