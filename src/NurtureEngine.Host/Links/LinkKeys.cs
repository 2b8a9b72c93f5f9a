using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Identity.Keys;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Host.Links;

/// <summary>The keys of links, read once; with a configured wrapping key they lie encrypted in the database.</summary>
internal sealed class LinkKeys(
    LinkKeyStore store,
    IOptions<NurtureOptions> options,
    IConfiguration configuration,
    KeyWrapping wrapping,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
)
{
    private byte[][] _keys = [];
    private MessageLinks? _links;

    /// <summary>The links of messages that leave from now on.</summary>
    public MessageLinks Links => _links ?? throw new InvalidOperationException("The keys of links are not loaded yet.");

    /// <summary>Whether some are stored without encryption.</summary>
    public bool AreBare { get; private set; }

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
        var fresh = wrapping.Wrap(RandomNumberGenerator.GetBytes(32));
        await store.AddFirstAsync(fresh.Secret, fresh.IsWrapped, business.GetUtcNow(), cancellationToken);
        var stored = await store.ListAsync(cancellationToken);
        _keys = [.. stored.Select(wrapping.Unwrap)];
        AreBare = !stored.All(key => key.IsWrapped);
        _links = new MessageLinks(PublicUrl, _keys[0]);
    }

    /// <summary>Where this site is reached: without a setting the host's own address, which serves who tries the engine on this very machine.</summary>
    public Uri PublicUrl
    {
        get
        {
            var own = (configuration["URLS"] ?? configuration["ASPNETCORE_URLS"])
                ?.Split(';')[0]
                .Replace("*", "localhost", StringComparison.Ordinal)
                .Replace("+", "localhost", StringComparison.Ordinal);
            return Uri.TryCreate(options.Value.PublicUrl ?? own, UriKind.Absolute, out var url)
                ? url
                : new Uri("http://localhost:5000");
        }
    }
}
