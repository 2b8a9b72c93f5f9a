using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using static NurtureEngine.Scriban.Functions.Builtin;

namespace NurtureEngine.Scriban.Functions;

/// <summary><c>string.*</c>: texts in other forms, such as handles, literals, hashes and numbers.</summary>
internal static class StringFormFunctions
{
    public static Builtin[] All { get; } =
    [
        Of("string.escape text", call => Escaped(call.Text(0))),
        Of("string.literal text", call => $"\"{Escaped(call.Text(0))}\""),
        Of("string.handleize text", call => Handle(call.Text(0))),
        Of(
            "string.to_int text",
            call => int.TryParse(call.Text(0), NumberStyles.Integer, call.Culture, out var number) ? (long)number : null
        ),
        Of(
            "string.to_long text",
            call => long.TryParse(call.Text(0), NumberStyles.Integer, call.Culture, out var number) ? number : null
        ),
        Of(
            "string.to_float text",
            call =>
                float.TryParse(call.Text(0), NumberStyles.Float, call.Culture, out var number)
                    ? double.Parse(number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
                    : null
        ),
        Of(
            "string.to_double text",
            call => double.TryParse(call.Text(0), NumberStyles.Float, call.Culture, out var number) ? number : null
        ),
        Of("string.base64_encode text", call => Convert.ToBase64String(Encoding.UTF8.GetBytes(call.Text(0)))),
        Of("string.base64_decode text", Base64Decoded),
#pragma warning disable CA5350, CA5351 // The language has these; they sign nothing here.
        Of("string.md5 text", call => Hex(MD5.HashData(Bytes(call, 0)))),
        Of("string.sha1 text", call => Hex(SHA1.HashData(Bytes(call, 0)))),
        Of("string.hmac_sha1 text secret_key", call => Hex(HMACSHA1.HashData(Bytes(call, 1), Bytes(call, 0)))),
#pragma warning restore CA5350, CA5351
        Of("string.sha256 text", call => Hex(SHA256.HashData(Bytes(call, 0)))),
        Of("string.sha512 text", call => Hex(SHA512.HashData(Bytes(call, 0)))),
        Of("string.hmac_sha256 text secret_key", call => Hex(HMACSHA256.HashData(Bytes(call, 1), Bytes(call, 0)))),
        Of("string.hmac_sha512 text secret_key", call => Hex(HMACSHA512.HashData(Bytes(call, 1), Bytes(call, 0)))),
    ];

    private static byte[] Bytes(Invocation call, int position) => Encoding.UTF8.GetBytes(call.Text(position));

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);

    private static string Base64Decoded(Invocation call)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(call.Text(0)));
        }
        catch (FormatException)
        {
            throw call.Failure("The text is no base64.");
        }
    }

    // Letters and digits stay, in lower case; whatever stands between them becomes one hyphen.
    private static string Handle(string text)
    {
        var handle = new StringBuilder();
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                handle.Append(char.ToLowerInvariant(c));
            }
            else if (handle.Length > 0 && handle[^1] != '-')
            {
                handle.Append('-');
            }
        }

        return handle.ToString().TrimEnd('-');
    }

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            escaped.Append(
                c switch
                {
                    '\\' => "\\\\",
                    '"' => "\\\"",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    '\b' => "\\b",
                    '\f' => "\\f",
                    < ' ' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                    _ => c.ToString(),
                }
            );
        }

        return escaped.ToString();
    }
}
