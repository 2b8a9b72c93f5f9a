using System.Buffers.Text;
using System.Text.Json;

namespace NurtureEngine.Host.Api.Answers;

/// <summary>
/// Marks where the next page begins: the last key of this one, in base64url. It carries ids only, and whoever changes it
/// sees no more than the list shows anyway.
/// </summary>
internal static class Cursor
{
    public static string Write<TKey>(TKey key) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(key, Options));

    /// <summary>False where the text is no cursor of this kind of list. Null or empty is the beginning.</summary>
    public static bool TryRead<TKey>(string? text, out TKey? key)
        where TKey : struct
    {
        key = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        try
        {
            key = JsonSerializer.Deserialize<TKey>(Base64Url.DecodeFromChars(text), Options);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return false;
        }
    }

    private static readonly JsonSerializerOptions Options = new()
    {
        IncludeFields = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };
}
