using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Host.Links;

/// <summary>The keys of links, read once; with a configured wrapping key they lie encrypted (AES-256-GCM) in the database.</summary>
internal sealed class LinkKeys(
    LinkKeyStore store,
    IOptions<NurtureOptions> options,
    IConfiguration configuration,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private byte[][] _keys = [];
    private MessageLinks? _links;

    /// <summary>The links of messages that leave from now on.</summary>
    public MessageLinks Links => _links ?? throw new InvalidOperationException("The keys of links are not loaded yet.");

    /// <summary>What signs return paths.</summary>
    public byte[] Newest => _keys[0];

    /// <summary>What a token says; null where it is none of ours, or of another kind.</summary>
    public LinkToken? Read(string token, LinkKind kind) =>
        LinkToken.Read(token, _keys) is { } read && read.Kind == kind ? read : null;

    /// <summary>The touch whose failures are reported to an address; null where it is none of ours.</summary>
    public TouchId? ReadReturnPath(string text)
    {
        // As a header has it: perhaps a name, and an address between brackets.
        var address = text.Contains('<', StringComparison.Ordinal)
            ? text[(text.IndexOf('<', StringComparison.Ordinal) + 1)..]
            : text;
        return _keys.Select(key => ReturnPath.Read(address, key)).FirstOrDefault(touch => touch is not null);
    }

    /// <exception cref="InvalidDataException">A stored key can't be unwrapped with the configured one.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var wrapping = options.Value.Keys.Wrapping is { Length: > 0 } text
            ? SHA256.HashData(Encoding.UTF8.GetBytes(text))
            : null;
        var fresh = RandomNumberGenerator.GetBytes(32);
        await store.AddFirstAsync(
            wrapping is null ? fresh : Wrap(fresh, wrapping),
            wrapping is not null,
            business.GetUtcNow(),
            cancellationToken
        );
        _keys =
        [
            .. (await store.ListAsync(cancellationToken)).Select(key =>
                key.IsWrapped ? Unwrap(key.Secret, wrapping) : key.Secret
            ),
        ];
        _links = new MessageLinks(PublicUrl(), _keys[0]);
    }

    // Without a setting this is the host's own address, which serves who tries the engine on this very machine.
    private Uri PublicUrl()
    {
        var own = (configuration["URLS"] ?? configuration["ASPNETCORE_URLS"])
            ?.Split(';')[0]
            .Replace("*", "localhost", StringComparison.Ordinal)
            .Replace("+", "localhost", StringComparison.Ordinal);
        return Uri.TryCreate(options.Value.PublicUrl ?? own, UriKind.Absolute, out var url)
            ? url
            : new Uri("http://localhost:5000");
    }

    private static byte[] Wrap(byte[] key, byte[] wrapping)
    {
        var wrapped = new byte[NonceBytes + TagBytes + key.Length];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(wrapping, TagBytes);
        aes.Encrypt(
            wrapped.AsSpan(0, NonceBytes),
            key,
            wrapped.AsSpan(NonceBytes + TagBytes),
            wrapped.AsSpan(NonceBytes, TagBytes)
        );
        return wrapped;
    }

    private static byte[] Unwrap(byte[] wrapped, byte[]? wrapping)
    {
        try
        {
            using var aes = new AesGcm(
                wrapping
                    ?? throw new InvalidDataException(
                        "The keys of links in the database are wrapped; set Nurture:Keys:Wrapping to what they were wrapped with."
                    ),
                TagBytes
            );
            var key = new byte[wrapped.Length - NonceBytes - TagBytes];
            aes.Decrypt(
                wrapped.AsSpan(0, NonceBytes),
                wrapped.AsSpan(NonceBytes + TagBytes),
                wrapped.AsSpan(NonceBytes, TagBytes),
                key
            );
            return key;
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw new InvalidDataException(
                "The keys of links in the database were wrapped with another key than Nurture:Keys:Wrapping.",
                exception
            );
        }
    }
}
