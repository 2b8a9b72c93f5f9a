using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace NurtureEngine.Core.Touches;

/// <summary>
/// What a link of a message is about: touch, which of its links, and to what end. As a token it is opaque and holds nothing personal:
/// base64url of touch id (16 bytes), ordinal (2), kind (1) and the first 10 bytes of an HMAC-SHA256 over these.
/// </summary>
public readonly record struct LinkToken(TouchId Touch, int Ordinal, LinkKind Kind)
{
    private const int SignedBytes = 19;
    private const int MacBytes = 10;

    public string Sign(ReadOnlySpan<byte> key)
    {
        Span<byte> token = stackalloc byte[SignedBytes + MacBytes];
        Touch.Value.TryWriteBytes(token, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(token[16..], (ushort)Ordinal);
        token[18] = (byte)Kind;
        Mac(key, token[..SignedBytes], token[SignedBytes..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>The token's meaning where one of the keys has signed it, compared in constant time; else null.</summary>
    public static LinkToken? Read(string text, IEnumerable<byte[]> keys)
    {
        Span<byte> token = stackalloc byte[SignedBytes + MacBytes];
        if (
            text.Length > 60
            || !Base64Url.IsValid(text)
            || !Base64Url.TryDecodeFromChars(text, token, out var length)
            || length != token.Length
        )
        {
            return null;
        }

        Span<byte> expected = stackalloc byte[MacBytes];
        foreach (var key in keys)
        {
            Mac(key, token[..SignedBytes], expected);
            if (CryptographicOperations.FixedTimeEquals(expected, token[SignedBytes..]))
            {
                return new LinkToken(
                    new TouchId(new Guid(token[..16], bigEndian: true)),
                    BinaryPrimitives.ReadUInt16BigEndian(token[16..]),
                    (LinkKind)token[18]
                );
            }
        }

        return null;
    }

    private static void Mac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> signed, Span<byte> mac)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, signed, whole);
        whole[..MacBytes].CopyTo(mac);
    }
}

/// <summary>To what end a link was made; a token of one kind is none of another.</summary>
public enum LinkKind
{
    Click = 1,
    Open = 2,
    Unsubscribe = 3,
}
