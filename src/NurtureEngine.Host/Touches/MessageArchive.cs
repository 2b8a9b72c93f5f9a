using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using NurtureEngine.Core.Contents;

namespace NurtureEngine.Host.Touches;

/// <summary>The form in which messages are kept: JSON, compressed (Brotli).</summary>
internal static class MessageArchive
{
    // Of the levels that keep up with sending, this is the one that saves most.
    private const int Quality = 1;
    private const int Window = 16;

    // It is read by this class only: markup need not be escaped, which would make it longer.
    private static readonly JsonSerializerOptions Bare = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static byte[] Pack(RenderedEmail email)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(email, Bare);
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(json.Length)];
        return BrotliEncoder.TryCompress(json, packed, out var length, Quality, Window)
            ? packed[..length]
            : throw new InvalidOperationException("A message can't be compressed.");
    }

    public static RenderedEmail Unpack(byte[] packed)
    {
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<RenderedEmail>(brotli)!;
    }
}
