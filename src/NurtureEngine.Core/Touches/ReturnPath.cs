using System.Security.Cryptography;
using System.Text;

namespace NurtureEngine.Core.Touches;

/// <summary>
/// The sender of an e-mail's envelope, one for each message (VERP), so that a report of failure names the touch by the address it
/// comes to: <c>b+id.tag@domain</c>, the tag being the first 5 bytes of an HMAC-SHA256 over the id in lower-case base 32.
/// </summary>
public static class ReturnPath
{
    private const int TagBytes = 5;
    private const string Digits = "abcdefghijklmnopqrstuvwxyz234567";

    public static string Of(TouchId touch, byte[] key, string domain) => Of($"{touch.Value:N}", key, domain);

    internal static string Of(string id, byte[] key, string domain) => $"b+{id}.{TagOf(id, key)}@{domain}";

    /// <summary>The touch that an address was made for with such a key; null where the address is of another form or the tag wrong.</summary>
    public static TouchId? Read(string address, byte[] key)
    {
        var local = address.Trim().Trim('<', '>').Split('@')[0];
        var parts = local.Split('.');
        if (parts.Length != 2 || !parts[0].StartsWith("b+", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // Mail systems may change the case of a local part although they should not.
        var (id, tag) = (parts[0][2..].ToLowerInvariant(), parts[1].ToLowerInvariant());
        return
            Guid.TryParseExact(id, "N", out var touch)
            && CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(tag),
                Encoding.ASCII.GetBytes(TagOf(id, key))
            )
            ? new TouchId(touch)
            : null;
    }

    private static string TagOf(string id, byte[] key)
    {
        var mac = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(id));
        var bits = mac.Take(TagBytes).Aggregate(0UL, (all, next) => (all << 8) | next);
        // 40 bits are 8 digits of 5.
        return new string([
            .. Enumerable.Range(0, 8).Select(digit => Digits[(int)((bits >> (35 - (5 * digit))) & 31)]),
        ]);
    }
}
