using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>An authenticator (RFC 6238: SHA-1, six digits, thirty seconds).</summary>
internal static class Totp
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The code of a key, in Base32 with or without spaces, some time steps from now.</summary>
    public static string Of(string key, int steps = 0) =>
        At(BytesOf(key), (DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30) + steps);

    /// <summary>The code at a time step.</summary>
    public static string At(byte[] key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // It is what the standard says, and what authenticators do.
        var hash = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] BytesOf(string key)
    {
        var bits = string.Concat(
            key.Where(c => c != ' ')
                .Select(c => Convert.ToString(Base32.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0'))
        );
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }
}
