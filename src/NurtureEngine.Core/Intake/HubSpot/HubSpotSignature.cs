using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NurtureEngine.Core.Intake.HubSpot;

/// <summary>
/// HubSpot's signature, version 3: HMAC-SHA256 with the app's client secret over method, address, body and timestamp (HubSpot, "Validating
/// requests").
/// </summary>
public static class HubSpotSignature
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    // What HubSpot leaves as it is when it writes an address, so that these are decoded before the signature is made; nothing else is.
    private static readonly (string Escape, string Sign)[] Escapes =
    [
        ("%3A", ":"),
        ("%2F", "/"),
        ("%3F", "?"),
        ("%40", "@"),
        ("%21", "!"),
        ("%24", "$"),
        ("%27", "'"),
        ("%28", "("),
        ("%29", ")"),
        ("%2A", "*"),
        ("%2C", ","),
        ("%3B", ";"),
    ];

    /// <summary>The signature of a request, in base64.</summary>
    public static string Sign(string secret, string method, string url, ReadOnlySpan<byte> body, string timestamp)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes(method + Decoded(url)));
        hmac.AppendData(body);
        hmac.AppendData(Encoding.UTF8.GetBytes(timestamp));
        return Convert.ToBase64String(hmac.GetHashAndReset());
    }

    /// <summary>Whether a request was signed with the secret, not longer than five minutes ago; the comparison takes the same time whatever it finds.</summary>
    /// <param name="secret">The app's client secret.</param>
    /// <param name="method">The method, in capitals.</param>
    /// <param name="url">The address as HubSpot called it: the public one.</param>
    /// <param name="body">The body as it came.</param>
    /// <param name="timestamp">The header <c>X-HubSpot-Request-Timestamp</c>: milliseconds since 1970.</param>
    /// <param name="signature">The header <c>X-HubSpot-Signature-v3</c>.</param>
    /// <param name="now">Machine time.</param>
    public static bool Verify(
        string secret,
        string method,
        string url,
        ReadOnlySpan<byte> body,
        string timestamp,
        string signature,
        DateTimeOffset now
    )
    {
        if (
            !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || Math.Abs(now.ToUnixTimeMilliseconds() - at) > Tolerance.TotalMilliseconds
        )
        {
            return false;
        }

        return CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Sign(secret, method, url, body, timestamp)),
            Encoding.ASCII.GetBytes(signature)
        );
    }

    private static string Decoded(string url) =>
        Escapes.Aggregate(
            url,
            (text, pair) => text.Replace(pair.Escape, pair.Sign, StringComparison.OrdinalIgnoreCase)
        );
}
