using System.Security.Cryptography;
using System.Text;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Host.Identity.Keys;

/// <summary>Encrypts keys for the database (AES-256-GCM) by a configured secret; without one they are stored as they are.</summary>
/// <param name="secret">The secret; null or empty for none.</param>
/// <param name="setting">The name of the setting that holds it, for sentences.</param>
internal sealed class KeyWrapping(string? secret, string setting)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[]? _key = secret is { Length: > 0 } text
        ? SHA256.HashData(Encoding.UTF8.GetBytes(text))
        : null;

    /// <summary>Whether keys are encrypted.</summary>
    public bool IsSet => _key is not null;

    /// <summary>The key as it is stored.</summary>
    public StoredKey Wrap(byte[] key)
    {
        if (_key is null)
        {
            return new StoredKey { Secret = key };
        }

        var wrapped = new byte[NonceBytes + TagBytes + key.Length];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(
            wrapped.AsSpan(0, NonceBytes),
            key,
            wrapped.AsSpan(NonceBytes + TagBytes),
            wrapped.AsSpan(NonceBytes, TagBytes)
        );
        return new StoredKey { Secret = wrapped, IsWrapped = true };
    }

    /// <summary>The key itself; one that was stored without encryption is read with any secret.</summary>
    /// <exception cref="InvalidDataException">It was encrypted by another secret, or there is none now; the sentence says what to do.</exception>
    public byte[] Unwrap(StoredKey stored) =>
        TryUnwrap(stored)
        ?? throw new InvalidDataException(
            IsSet
                ? $"Keys in the database were encrypted with another secret than {setting}. The verb 'rewrap-keys' changes the secret: Nurture:Keys:Previous is the old one, Nurture:Keys:Wrapping the new one."
                : $"Keys in the database are encrypted; set {setting} to what they were encrypted with."
        );

    /// <summary>The key itself; null where it was encrypted by another secret.</summary>
    public byte[]? TryUnwrap(StoredKey stored)
    {
        if (!stored.IsWrapped)
        {
            return stored.Secret;
        }

        if (_key is null)
        {
            return null;
        }

        try
        {
            using var aes = new AesGcm(_key, TagBytes);
            var key = new byte[stored.Secret.Length - NonceBytes - TagBytes];
            aes.Decrypt(
                stored.Secret.AsSpan(0, NonceBytes),
                stored.Secret.AsSpan(NonceBytes + TagBytes),
                stored.Secret.AsSpan(NonceBytes, TagBytes),
                key
            );
            return key;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
