using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NurtureEngine.Core.Intake.WeChat;

/// <summary>
/// WeChat's encryption of messages (WeChat, "message encryption"): AES-256-CBC over 16 random bytes, the length of the message, the message and
/// the id of the account, filled up to blocks of 32 bytes.
/// </summary>
public sealed class WeChatCipher
{
    private const int BlockSize = 32;
    private const int RandomSize = 16;
    private const int HeadSize = RandomSize + sizeof(int);

    private readonly byte[] _key;
    private readonly byte[] _owner;

    /// <param name="encodingAesKey">The key as the platform shows it, 43 characters.</param>
    /// <param name="owner">Whose messages they are: the account's app id; WeCom's corporation id.</param>
    /// <exception cref="ArgumentException">The key is not valid.</exception>
    public WeChatCipher(string encodingAesKey, string owner) =>
        (_key, _owner) = (
            KeyOf(encodingAesKey) ?? throw new ArgumentException("The key is not valid.", nameof(encodingAesKey)),
            Encoding.UTF8.GetBytes(owner)
        );

    /// <summary>The key that a text of 43 characters stands for; null if it stands for none.</summary>
    public static byte[]? KeyOf(string encodingAesKey)
    {
        var key = new byte[BlockSize];
        return
            encodingAesKey.Length == 43
            && Convert.TryFromBase64String($"{encodingAesKey}=", key, out var written)
            && written == BlockSize
            ? key
            : null;
    }

    /// <summary>The message of a cipher text; null if it is none, or that of another account.</summary>
    /// <param name="cipherText">In base64.</param>
    public string? Decrypt(string cipherText)
    {
        var bytes = new byte[cipherText.Length];
        if (!Convert.TryFromBase64String(cipherText, bytes, out var size) || size < BlockSize || size % BlockSize != 0)
        {
            return null;
        }

        using var aes = Aes();
        var plain = aes.DecryptCbc(bytes.AsSpan(0, size), Iv, PaddingMode.None);
        // Blocks of 32 bytes are more than .NET's own padding knows.
        var padding = plain[^1];
        if (padding is 0 or > BlockSize || plain.AsSpan()[^padding..].ContainsAnyExcept(padding))
        {
            return null;
        }

        var rest = plain.AsSpan(..^padding);
        if (rest.Length < HeadSize)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(rest[RandomSize..]);
        var body = rest[HeadSize..];
        return length >= 0 && length <= body.Length && body[length..].SequenceEqual(_owner)
            ? Encoding.UTF8.GetString(body[..length])
            : null;
    }

    /// <summary>The cipher text of a message, in base64.</summary>
    /// <param name="message">The message.</param>
    /// <param name="random">Sixteen bytes that are new for each message.</param>
    public string Encrypt(string message, ReadOnlySpan<byte> random)
    {
        var body = Encoding.UTF8.GetBytes(message);
        var length = HeadSize + body.Length + _owner.Length;
        var padding = BlockSize - (length % BlockSize);
        var plain = new byte[length + padding];
        random[..RandomSize].CopyTo(plain);
        BinaryPrimitives.WriteInt32BigEndian(plain.AsSpan(RandomSize), body.Length);
        body.CopyTo(plain, HeadSize);
        _owner.CopyTo(plain, HeadSize + body.Length);
        plain.AsSpan(length).Fill((byte)padding);
        using var aes = Aes();
        return Convert.ToBase64String(aes.EncryptCbc(plain, Iv, PaddingMode.None));
    }

    private ReadOnlySpan<byte> Iv => _key.AsSpan(0, 16);

    private Aes Aes()
    {
        var aes = System.Security.Cryptography.Aes.Create();
        aes.Key = _key;
        return aes;
    }
}
