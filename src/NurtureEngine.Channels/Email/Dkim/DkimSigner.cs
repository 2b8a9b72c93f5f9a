using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NurtureEngine.Channels.Email.Dkim;

/// <summary>
/// Signs messages by DKIM (RFC 6376): rsa-sha256, relaxed/relaxed. Headers that must not be added to are signed once more than they
/// occur.
/// </summary>
public sealed class DkimSigner : IDisposable
{
    private static readonly string[] Signed =
    [
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "message-id",
        "in-reply-to",
        "references",
        "reply-to",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "list-id",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "feedback-id",
        "auto-submitted",
    ];

    private static readonly HashSet<string> Oversigned = new(StringComparer.Ordinal)
    {
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "reply-to",
        "content-type",
        "message-id",
        "list-unsubscribe",
        "list-unsubscribe-post",
    };

    private readonly RSA _key;
    private readonly string _domain;
    private readonly string _selector;

    private DkimSigner(RSA key, string domain, string selector) => (_key, _domain, _selector) = (key, domain, selector);

    /// <summary>A signer for a domain, by a selector of its DNS and a private key (PEM).</summary>
    /// <exception cref="ArgumentException">The text is no private RSA key.</exception>
    /// <exception cref="CryptographicException">The key is broken, or shorter than 1024 bits.</exception>
    public static DkimSigner Create(string domain, string selector, string pem)
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
            // RFC 8301, section 3.2.
            return key.KeySize >= 1024
                ? new DkimSigner(key, domain, selector)
                : throw new CryptographicException(
                    $"The key has {key.KeySize} bits; expected 1024 or more, better 2048."
                );
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The message with its signature in front.</summary>
    public byte[] Sign(byte[] message, DateTimeOffset at)
    {
        var (headers, body) = Read(message);
        var names = NamesOf(headers);
        var bodyHash = Convert.ToBase64String(SHA256.HashData(DkimCanonical.Body(body.Span)));
        var unsigned =
            $"v=1; a=rsa-sha256; c=relaxed/relaxed; d={_domain}; s={_selector};\r\n t={at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)};"
            + $"\r\n h={string.Join(":\r\n ", names.Chunk(6).Select(some => string.Join(':', some)))};\r\n bh={bodyHash};\r\n b=";
        var signature = Convert.ToBase64String(
            _key.SignData(
                Encoding.UTF8.GetBytes(InputOf(headers, names, unsigned)),
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1
            )
        );
        var header = new StringBuilder("DKIM-Signature: ").Append(unsigned);
        foreach (var (index, part) in signature.Chunk(72).Index())
        {
            header.Append(index == 0 ? "" : "\r\n ").Append(part);
        }

        return [.. Encoding.ASCII.GetBytes(header.Append("\r\n").ToString()), .. message];
    }

    public void Dispose() => _key.Dispose();

    /// <summary>
    /// What is signed: the named headers, of several of a name the lowest first, and the signature's own without its value. A name for
    /// which there is no header (any more) stands for that very fact.
    /// </summary>
    internal static string InputOf(
        IReadOnlyList<(string Name, string Value)> headers,
        IEnumerable<string> names,
        string signature
    )
    {
        var left = headers
            .GroupBy(header => header.Name.ToLowerInvariant(), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => new Stack<string>(group.Select(header => header.Value)));
        var input = new StringBuilder();
        foreach (var name in names)
        {
            if (left.TryGetValue(name, out var values) && values.TryPop(out var value))
            {
                input.Append(DkimCanonical.Header(name, value)).Append("\r\n");
            }
        }

        return input.Append(DkimCanonical.Header("dkim-signature", signature)).ToString();
    }

    internal static (List<(string Name, string Value)> Headers, ReadOnlyMemory<byte> Body) Read(
        ReadOnlyMemory<byte> message
    )
    {
        var end = message.Span.IndexOf("\r\n\r\n"u8);
        var text = Encoding.UTF8.GetString(message.Span[..end]);
        var headers = new List<(string, string)>();
        foreach (var line in text.Split("\r\n"))
        {
            if (line[0] is ' ' or '\t')
            {
                var (name, value) = headers[^1];
                headers[^1] = (name, $"{value}\r\n{line}");
            }
            else
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                headers.Add((line[..colon].Trim(), line[(colon + 1)..]));
            }
        }

        return (headers, message[(end + 4)..]);
    }

    private static List<string> NamesOf(List<(string Name, string Value)> headers)
    {
        var names = new List<string>();
        foreach (var name in Signed)
        {
            var count = headers.Count(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase));
            names.AddRange(Enumerable.Repeat(name, count + (Oversigned.Contains(name) ? 1 : 0)));
        }

        return names;
    }
}
