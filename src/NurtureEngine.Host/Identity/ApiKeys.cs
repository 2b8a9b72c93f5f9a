using System.Security.Cryptography;
using System.Text;

namespace NurtureEngine.Host.Identity;

/// <summary>API keys: <c>nk_</c> and 32 random bytes. They are as hard to guess as a key for encryption, so one hash keeps them.</summary>
internal static class ApiKeys
{
    public const string Prefix = "nk_";

    public static string New() =>
        Prefix
        + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
