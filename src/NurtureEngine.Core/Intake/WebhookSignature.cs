using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NurtureEngine.Core.Intake;

/// <summary>
/// Signs and verifies webhooks by Standard Webhooks 1.0.0: HMAC-SHA256 over <c>id.timestamp.body</c>, in entries of the form
/// <c>v1,base64</c>.
/// </summary>
public static class WebhookSignature
{
    private const string SecretPrefix = "whsec_";
    private const string Scheme = "v1";

    /// <summary>How far a sender's clock may be off; the specification leaves it open, its libraries take five minutes.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>The key of a secret such as <c>whsec_…</c> (base64 of 24 to 64 bytes); null where it is none.</summary>
    public static byte[]? KeyOf(string secret)
    {
        var encoded = secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            ? secret[SecretPrefix.Length..]
            : secret;
        var key = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, key, out var length) && length is >= 24 and <= 64
            ? key[..length]
            : null;
    }

    /// <summary>A new secret of 32 random bytes.</summary>
    public static string NewSecret(byte[] random) => SecretPrefix + Convert.ToBase64String(random);

    /// <summary>The header entry for a message; the timestamp is in Unix seconds.</summary>
    public static string Sign(byte[] key, string id, long timestamp, ReadOnlySpan<byte> body) =>
        $"{Scheme},{Convert.ToBase64String(Compute(key, id, timestamp, body))}";

    /// <summary>
    /// Whether one entry of the header was made with one of the keys, within the tolerance of <paramref name="now"/> (machine
    /// time). Unknown schemes are passed over; comparisons take the same time whatever they find.
    /// </summary>
    public static bool Verify(
        IReadOnlyList<byte[]> keys,
        string id,
        string timestamp,
        string signatures,
        ReadOnlySpan<byte> body,
        DateTimeOffset now
    )
    {
        if (
            !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds
        )
        {
            return false;
        }

        var isValid = false;
        var given = Entries(signatures);
        foreach (var key in keys)
        {
            var expected = Compute(key, id, seconds, body);
            foreach (var entry in given)
            {
                isValid |= CryptographicOperations.FixedTimeEquals(expected, entry);
            }
        }

        return isValid;
    }

    /// <summary>
    /// Why a webhook was refused, for the receiver's log; the sender is not told, since it may be nobody's business.
    /// </summary>
    public static string Explain(
        bool isSourceKnown,
        string id,
        string timestamp,
        string signatures,
        DateTimeOffset now
    ) =>
        !isSourceKnown ? "the source is not known"
        : id.Length == 0 || timestamp.Length == 0 || signatures.Length == 0
            ? "a header webhook-id, webhook-timestamp or webhook-signature is missing"
        : !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? "webhook-timestamp is no number of seconds"
        : Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds
            ? $"webhook-timestamp is {Math.Abs(now.ToUnixTimeSeconds() - seconds)} s off"
        : "the secret or the body is another one";

    private static List<byte[]> Entries(string signatures)
    {
        // Nobody rotates through more than a handful; more is somebody trying.
        const int most = 16;
        var entries = new List<byte[]>();
        foreach (var entry in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(most))
        {
            var comma = entry.IndexOf(',', StringComparison.Ordinal);
            var bytes = new byte[entry.Length];
            if (
                comma > 0
                && entry[..comma] == Scheme
                && Convert.TryFromBase64String(entry[(comma + 1)..], bytes, out var length)
            )
            {
                entries.Add(bytes[..length]);
            }
        }

        return entries;
    }

    private static byte[] Compute(byte[] key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
