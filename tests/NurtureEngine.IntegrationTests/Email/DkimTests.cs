using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NurtureEngine.Channels.Email;
using NurtureEngine.Channels.Email.Dkim;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Email;

/// <summary>Signatures, against the published vectors and a verifier that is not ours (mailauth, from npm).</summary>
public sealed class DkimTests
{
    // The keys come from a DNS of the test's own; one word per signature, as RFC 8601 names results.
    private const string Verifier = """
        const { dkimVerify } = require('mailauth/lib/dkim/verify');
        const records = JSON.parse(process.argv[1]);
        const resolver = async (name, type) => {
          if (type === 'TXT' && records[name]) return [[records[name]]];
          throw Object.assign(new Error(name), { code: 'ENOTFOUND' });
        };
        dkimVerify(process.stdin, { resolver }).then(({ results }) =>
          console.log(results.map(each => `${each.algo} ${each.status.result}`).join(', ')));
        """;

    [Fact]
    public async Task A_verifier_that_is_not_ours_finds_what_was_changed()
    {
        using var key = RSA.Create(2048);
        using var signer = DkimSigner.Create("northwind.example", "s1", key.ExportPkcs8PrivateKeyPem());
        var letter = Letters.To("ann@example.com");
        var marked = letter with
        {
            Email = letter.Email with { Subject = "客户究竟怎样使用产品，而您又能早些看到什么" },
            List = new ListMarks(
                "https://go.example.com/u/abc",
                "unsubscribe@example.com?subject=abc",
                "<t.example.com>",
                "a:b:c:d"
            ),
        };
        var signed = Encoding.UTF8.GetString(signer.Sign(MimeMessage.Compose(marked), letter.Date));
        var record = ("s1", $"v=DKIM1; k=rsa; p={Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}");

        Assert.Equal("rsa-sha256 pass", await VerifyAsync(signed, record));
        Assert.Equal("rsa-sha256 pass", await VerifyAsync(signed + "\r\n\r\n", record));
        Assert.Equal(
            "rsa-sha256 neutral",
            await VerifyAsync(signed.Replace("a line", "a lie", StringComparison.Ordinal), record)
        );
        Assert.Equal(
            "rsa-sha256 fail",
            await VerifyAsync(signed.Replace("/u/abc", "/u/abd", StringComparison.Ordinal), record)
        );
        foreach (
            var added in new[]
            {
                "From: evil@example.org",
                "Subject: Free",
                "To: all@example.org",
                "Date: now",
                "List-Unsubscribe: <x>",
            }
        )
        {
            Assert.Equal("rsa-sha256 fail", await VerifyAsync($"{added}\r\n{signed}", record));
        }
    }

    [Fact]
    public void A_key_that_protects_nothing_is_refused()
    {
        using var key = RSA.Create(512);

        Assert.Throws<CryptographicException>(() => DkimSigner.Create("d", "s", key.ExportPkcs8PrivateKeyPem()));
        Assert.Throws<ArgumentException>(() => DkimSigner.Create("d", "s", "no key"));
    }

    [Fact]
    public async Task A_second_key_signs_beside_the_first()
    {
        using var rsa = RSA.Create(2048);
        var seed = RandomNumberGenerator.GetBytes(32);
        // RFC 8410: the bytes of an Ed25519 key in PKCS #8 behind a fixed head.
        var pkcs8 = Convert.FromHexString("302e020100300506032b657004220420").Concat(seed).ToArray();
        using var signer = DkimSigner
            .Create("northwind.example", "s1", rsa.ExportPkcs8PrivateKeyPem())
            .Beside(DkimSigner.Create("northwind.example", "ed", new string(PemEncoding.Write("PRIVATE KEY", pkcs8))));
        var signed = Encoding.UTF8.GetString(
            signer.Sign(MimeMessage.Compose(Letters.To("ann@example.com")), Letters.To("ann@example.com").Date)
        );
        var publicKey = new Org.BouncyCastle.Crypto.Parameters.Ed25519PrivateKeyParameters(seed).GeneratePublicKey();
        var records = new[]
        {
            ("s1", $"v=DKIM1; k=rsa; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}"),
            ("ed", $"v=DKIM1; k=ed25519; p={Convert.ToBase64String(publicKey.GetEncoded())}"),
        };

        Assert.Equal("rsa-sha256 pass, ed25519-sha256 pass", await VerifyAsync(signed, records));
        Assert.Equal(
            "rsa-sha256 fail, ed25519-sha256 fail",
            await VerifyAsync($"From: evil@example.org\r\n{signed}", records)
        );
    }

    private static Task<string> VerifyAsync(string message, params (string Selector, string Record)[] records) =>
        NodeScript.RunAsync(
            Verifier,
            Encoding.UTF8.GetBytes(message),
            JsonSerializer.Serialize(
                records.ToDictionary(each => $"{each.Selector}._domainkey.northwind.example", each => each.Record)
            )
        );
}
