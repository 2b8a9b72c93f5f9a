using System.Security.Cryptography;
using System.Text;

namespace NurtureEngine.Core.Intake.WeChat;

/// <summary>WeChat's signature of what it pushes and of the address that it verifies: SHA-1 over the sorted parts (WeChat, "access guide").</summary>
public static class WeChatSignature
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>The signature, in lower-case hexadecimal digits.</summary>
    /// <param name="parts">The token, the timestamp and the nonce; of an encrypted push the cipher text, too. Their order is free.</param>
    public static string Of(params IEnumerable<string> parts)
    {
        // Sorted as bytes: another order, such as a language's, makes another signature.
        var text = string.Concat(parts.Order(StringComparer.Ordinal));
#pragma warning disable CA5350 // The provider's choice; what is secret is the token.
        return Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350
    }

    /// <summary>Whether a signature is that of the parts; the comparison takes the same time whatever it finds.</summary>
    public static bool IsOf(string signature, params IEnumerable<string> parts) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Of(parts)), Encoding.ASCII.GetBytes(signature));

    /// <summary>Whether a timestamp (seconds since 1970) is at most five minutes away; WeChat names no limit of its own.</summary>
    /// <param name="timestamp">As the query has it.</param>
    /// <param name="now">Machine time.</param>
    public static bool IsRecent(string timestamp, DateTimeOffset now) =>
        WeChatPush.Instant(timestamp) is { } at && (now - at).Duration() <= Tolerance;
}
