using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using NurtureEngine.Channels.Email;
using NurtureEngine.Channels.Email.Dkim;

namespace NurtureEngine.IntegrationTests.Email;

/// <summary>Signatures, against the published vectors and a verifier that is not ours (Debian's python3-dkim).</summary>
public sealed class DkimTests
{
    private const string Verifier = """
        import sys, dkim
        message = sys.stdin.buffer.read()
        def dns(name, timeout=5):
            return sys.argv[1].encode() if name == b"s1._domainkey.northwind.example." else None
        try:
            print("pass" if dkim.DKIM(message).verify(dnsfunc=dns) else "fail")
        except dkim.DKIMException as fault:
            print("fail")
        """;

    private const string Message =
        "From: Acme Nurture <news@example.com>\r\nTo: Lead <lead42@example.net>\r\nSubject: Hello  from\r\n Acme\r\n"
        + "Date: Sat, 09 Mar 2024 16:00:00 +0000\r\nMessage-ID: <msg-0001@mail.example.com>\r\nMIME-Version: 1.0\r\n"
        + "Content-Type: text/plain; charset=utf-8\r\nList-Unsubscribe: <https://u.example.com/u/TOKEN>,\r\n"
        + "\t<mailto:unsub@example.com?subject=TOKEN>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        + "\r\nHi Lead,\r\n\r\nThanks.  \r\n\r\n";

    private const string Names =
        "from:from:to:subject:subject:date:message-id:mime-version:content-type:list-unsubscribe:list-unsubscribe-post";

    [Fact]
    public void Headers_and_bodies_take_their_relaxed_forms()
    {
        Assert.Equal("a:X", DkimCanonical.Header("A", " X"));
        Assert.Equal("b:Y Z", DkimCanonical.Header("B ", " Y\t\r\n\tZ  "));
        Assert.Equal(" C\r\nD E\r\n", Relaxed(" C \r\nD \t E\r\n\r\n\r\n"));
        Assert.Equal("unak6JHq0wL+Q1HP7dW1tjBx9FLA6DffoZ0qrLwbbpo=", Hash(" C \r\nD \t E\r\n\r\n\r\n"));
        Assert.Equal("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", Hash(""));
    }

    [Fact]
    public void What_is_signed_is_what_the_vector_signs()
    {
        var (headers, body) = DkimSigner.Read(Encoding.UTF8.GetBytes(Message));
        var bodyHash = Convert.ToBase64String(SHA256.HashData(DkimCanonical.Body(body.Span)));
        var signature =
            $"v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.com; s=ed1; t=1710000000; h={Names}; bh={bodyHash}; b=";
        var input = DkimSigner.InputOf(headers, Names.Split(':'), signature);

        Assert.Equal("RbPwPFkpT2LPKLo32GBNjX941yn25MB+ztYE+v4Mgiw=", bodyHash);
        Assert.Equal(
            "7cbb2d47d04a60112932cf729c2284c66b75c820adff3b00f81a141b0b273851",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(input)))
        );
    }

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
        var signed = Encoding.UTF8.GetString(signer.Sign(MimeMessage.Compose(marked).Bytes, letter.Date));
        var record = $"v=DKIM1; k=rsa; p={Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}";

        Assert.Equal("pass", await VerifyAsync(signed, record));
        Assert.Equal("pass", await VerifyAsync(signed + "\r\n\r\n", record));
        Assert.Equal("fail", await VerifyAsync(signed.Replace("a line", "a lie", StringComparison.Ordinal), record));
        Assert.Equal("fail", await VerifyAsync(signed.Replace("/u/abc", "/u/abd", StringComparison.Ordinal), record));
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
            Assert.Equal("fail", await VerifyAsync($"{added}\r\n{signed}", record));
        }
    }

    [Fact]
    public void A_key_that_protects_nothing_is_refused()
    {
        using var key = RSA.Create(512);

        Assert.Throws<CryptographicException>(() => DkimSigner.Create("d", "s", key.ExportPkcs8PrivateKeyPem()));
        Assert.Throws<ArgumentException>(() => DkimSigner.Create("d", "s", "no key"));
    }

    private static string Relaxed(string body) =>
        Encoding.UTF8.GetString(DkimCanonical.Body(Encoding.UTF8.GetBytes(body)));

    private static string Hash(string body) =>
        Convert.ToBase64String(SHA256.HashData(DkimCanonical.Body(Encoding.UTF8.GetBytes(body))));

    private static async Task<string> VerifyAsync(string message, string record)
    {
        // Debian's own interpreter: its packages are not seen by others.
        using var python = Process.Start(
            new ProcessStartInfo("/usr/bin/python3", ["-c", Verifier, record])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        await python.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(message));
        python.StandardInput.Close();
        var output = await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        return output.Trim();
    }
}
