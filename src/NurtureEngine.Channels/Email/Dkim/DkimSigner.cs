using System.Security.Cryptography;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.OpenSsl;

namespace NurtureEngine.Channels.Email.Dkim;

/// <summary>
/// Signs messages by DKIM (RFC 6376, RFC 8463): rsa-sha256 or ed25519-sha256, relaxed/relaxed. Headers that must not be added to are signed once
/// more than they occur.
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

    private readonly AsymmetricKeyParameter _key;
    private readonly RSA? _rsa;
    private readonly string _domain;
    private readonly string _selector;
    private DkimSigner? _beside;

    private DkimSigner(AsymmetricKeyParameter key, RSA? rsa, string domain, string selector) =>
        (_key, _rsa, _domain, _selector) = (key, rsa, domain, selector);

    /// <summary>A signer for a domain, by a selector of its DNS and a private key (PEM): RSA or Ed25519.</summary>
    /// <exception cref="ArgumentException">The text is no private key of these kinds.</exception>
    /// <exception cref="CryptographicException">The key is broken, or an RSA key shorter than 1024 bits.</exception>
    public static DkimSigner Create(string domain, string selector, string pem)
    {
        var key = ReadKey(pem);
        if (key is Ed25519PrivateKeyParameters)
        {
            return new DkimSigner(key, null, domain, selector);
        }

        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
            // RFC 8301, section 3.2; MimeKit takes shorter ones.
            return rsa.KeySize >= 1024
                ? new DkimSigner(key, rsa, domain, selector)
                : throw new CryptographicException(
                    $"The key has {rsa.KeySize} bits; expected 1024 or more, better 2048."
                );
        }
        catch
        {
            rsa.Dispose();
            throw;
        }
    }

    /// <summary>Signs each message twice: by another key as well, which it disposes with its own.</summary>
    public DkimSigner Beside(DkimSigner? other)
    {
        _beside = other;
        return this;
    }

    /// <summary>The message with its signature in front. A message is signed once.</summary>
    public byte[] Sign(MimeMessage message, DateTimeOffset at)
    {
        _beside?.AddTo(message, at);
        AddTo(message, at);
        return message.Write();
    }

    private void AddTo(MimeMessage message, DateTimeOffset at) =>
        new Signing(this, at).Sign(message.Options, message.Message, NamesOf(message.Message));

    public void Dispose()
    {
        _rsa?.Dispose();
        _beside?.Dispose();
    }

    private static AsymmetricKeyParameter ReadKey(string pem)
    {
        try
        {
            using var reader = new PemReader(new StringReader(pem));
            var read = reader.ReadObject();
            return ((read as AsymmetricCipherKeyPair)?.Private ?? read) switch
            {
                RsaKeyParameters { IsPrivate: true } key => key,
                Ed25519PrivateKeyParameters key => key,
                _ => throw new ArgumentException("The text is no private RSA or Ed25519 key (PEM)."),
            };
        }
        catch (Exception exception) when (exception is IOException or InvalidCipherTextException)
        {
            throw new CryptographicException("The key can't be read.", exception);
        }
    }

    private static List<string> NamesOf(MimeKit.MimeMessage message)
    {
        var present = message
            .Headers.Concat(message.Body!.Headers)
            .Select(header => header.Field.ToLowerInvariant())
            .ToList();
        return
        [
            .. Signed.SelectMany(name =>
                Enumerable.Repeat(name, present.Count(field => field == name) + (Oversigned.Contains(name) ? 1 : 0))
            ),
        ];
    }

    // One signature, with the time and the algorithm that MimeKit obtains from its signer.
    private sealed class Signing : MimeKit.Cryptography.DkimSigner
    {
        private readonly DkimSigner _owner;
        private readonly DateTimeOffset _at;

        public Signing(DkimSigner owner, DateTimeOffset at)
            : base(
                owner._key,
                owner._domain,
                owner._selector,
                owner._rsa is null ? DkimSignatureAlgorithm.Ed25519Sha256 : DkimSignatureAlgorithm.RsaSha256
            )
        {
            (_owner, _at) = (owner, at);
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed;
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed;
        }

        protected override long GetTimestamp() => _at.ToUnixTimeSeconds();

        protected override ISigner CreateSigningContext() =>
            _owner._rsa is { } rsa ? new RsaSigner(rsa) : base.CreateSigningContext();
    }
}
