using System.Text.Json;
using System.Text.Json.Nodes;

namespace NurtureEngine.Host.Api.Answers;

/// <summary>JSON merge patches (RFC 7396): members of the patch replace those of the target, and null deletes them.</summary>
internal static class MergePatch
{
    public const string MediaType = "application/merge-patch+json";

    // A member that is named twice would be taken once, and nobody could say which.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The target with the patch applied; null and the fault where the patch is no JSON object.</summary>
    public static byte[]? TryApply(byte[] target, byte[] patch, out string? fault)
    {
        try
        {
            if (JsonNode.Parse(patch, documentOptions: Strict) is JsonObject changes)
            {
                fault = null;
                return JsonSerializer.SerializeToUtf8Bytes(Apply(JsonNode.Parse(target), changes));
            }

            fault = "The body is no JSON object; expected the members to change.";
        }
        catch (JsonException exception)
        {
            fault = $"The body is no JSON: {exception.Message}";
        }

        return null;
    }

    private static JsonObject Apply(JsonNode? target, JsonObject patch)
    {
        var merged = target is JsonObject known ? known.DeepClone().AsObject() : [];
        foreach (var (name, change) in patch)
        {
            if (change is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = change is JsonObject inner ? Apply(merged[name], inner) : change.DeepClone();
            }
        }

        return merged;
    }
}
