using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;

namespace NurtureEngine.Channels.Email.Dkim;

/// <summary>RSA by the platform's library, which is many times as fast as BouncyCastle's: rsa-sha256 of one message.</summary>
internal sealed class RsaSigner(RSA key) : ISigner
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public string AlgorithmName => "SHA-256withRSA";

    public void Init(bool forSigning, ICipherParameters parameters) { }

    public void Update(byte input) => _hash.AppendData([input]);

    public void BlockUpdate(byte[] input, int inOff, int inLen) => _hash.AppendData(input, inOff, inLen);

    public void BlockUpdate(ReadOnlySpan<byte> input) => _hash.AppendData(input);

    public int GetMaxSignatureSize() => key.KeySize / 8;

    public byte[] GenerateSignature()
    {
        var signature = key.SignHash(_hash.GetHashAndReset(), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _hash.Dispose();
        return signature;
    }

    public bool VerifySignature(byte[] signature) => throw new NotSupportedException("This one only signs.");

    public void Reset() => _hash.GetHashAndReset();
}
