using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Studio.Saving;

/// <summary>The body of a request that holds a definition.</summary>
internal static class ModelBody
{
    /// <summary>The longest definition that is taken, in bytes: a track of 200 steps has some 200 KB.</summary>
    public const int Most = 2 * 1024 * 1024;

    /// <summary>The object, or null and what is wrong.</summary>
    public static async Task<(JsonObject? Body, string Fault)> ReadAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        using var bytes = new MemoryStream();
        var chunk = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0; )
        {
            await bytes.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
            if (bytes.Length > Most)
            {
                return (null, SaveSentences.TooLong);
            }
        }

        return Parse(bytes.ToArray());
    }

    /// <summary>Likewise, of bytes that are there.</summary>
    public static (JsonObject? Body, string Fault) Parse(byte[] bytes)
    {
        var faults = new List<Diagnostic>();
        if (!JsonShape.TryParse(bytes, faults, out var document))
        {
            return (null, faults[0].In(CultureInfo.CurrentUICulture));
        }

        using (document)
        {
            return (JsonObject.Create(document.RootElement.Clone()), "");
        }
    }

    /// <summary>As definitions are stored.</summary>
    public static string TextOf(JsonObject definition) => definition.ToJsonString(JsonSerializerOptions.Default);

    /// <summary>The text of a member; null where it is absent or something else.</summary>
    public static string? TextOf(JsonObject some, string name) =>
        some[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
