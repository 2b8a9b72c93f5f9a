using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NurtureEngine.IntegrationTests.Email;

/// <summary>Certificates of an authority of the test's own.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _authority;
    private readonly List<X509Certificate2> _made = [];

    public Certificates()
    {
        var request = new CertificateRequest(
            "CN=test authority",
            _key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = request.CreateSelfSigned(Now.AddYears(-2), Now.AddYears(2));
        CaFile = Path.Combine(Path.GetTempPath(), $"nurture-test-ca-{Guid.NewGuid():N}.pem");
        File.WriteAllText(CaFile, _authority.ExportCertificatePem());
    }

    /// <summary>What a client trusts that trusts the authority.</summary>
    public string CaFile { get; }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public X509Certificate2 For(string host, bool isExpired = false)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(
            _authority,
            Now.AddYears(-1),
            isExpired ? Now.AddDays(-1) : Now.AddYears(1),
            RandomNumberGenerator.GetBytes(8)
        );
        using var whole = signed.CopyWithPrivateKey(key);
        var made = X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
        _made.Add(made);
        return made;
    }

    public void Dispose()
    {
        File.Delete(CaFile);
        _made.ForEach(certificate => certificate.Dispose());
        _authority.Dispose();
        _key.Dispose();
    }
}
