using System.Net;

namespace NurtureEngine.Host.Configuration;

/// <summary>How people sign in, beside their passwords.</summary>
internal sealed class SignInOptions
{
    public OidcOptions Oidc { get; set; } = new();

    /// <summary>
    /// The reverse proxies, by address or network (CIDR): their <c>X-Forwarded-For</c> is the origin of a request. The header is
    /// ignored if it comes from another address.
    /// </summary>
    public List<string> TrustedProxies { get; set; } = [];

    /// <summary>What is wrong with them, a sentence each.</summary>
    public IEnumerable<string> Faults() =>
        TrustedProxies
            .Select((proxy, index) => (proxy, index))
            .Where(one => !IPNetwork.TryParse(NetworkOf(one.proxy), out _))
            .Select(one =>
                $"Nurture:SignIn:TrustedProxies:{one.index} '{one.proxy}' is no address; expected one such as 10.0.0.5, or a network such as 10.0.0.0/24."
            );

    /// <summary>The networks of the proxies.</summary>
    public IEnumerable<IPNetwork> ProxyNetworks() => TrustedProxies.Select(proxy => IPNetwork.Parse(NetworkOf(proxy)));

    private static string NetworkOf(string? proxy) =>
        proxy is null ? ""
        : proxy.Contains('/', StringComparison.Ordinal) ? proxy
        : proxy.Contains(':', StringComparison.Ordinal) ? $"{proxy}/128"
        : $"{proxy}/32";
}

/// <summary>An identity provider by OpenID Connect (authorization code flow with PKCE); off without an authority.</summary>
internal sealed class OidcOptions
{
    /// <summary>The provider's issuer address; https, or http on this very machine.</summary>
    public string? Authority { get; set; }

    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    /// <summary>The claim that names a person's groups at the provider.</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>
    /// Which groups have which role, by role, with commas between the groups. With any, the provider decides: it lets people in and out, and changes
    /// their roles at each sign-in. Without, it signs in those who are known here.
    /// </summary>
    public Dictionary<string, string> Roles { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Whether there is a provider.</summary>
    public bool IsOn => !string.IsNullOrEmpty(Authority);

    /// <summary>The roles of a member of these groups.</summary>
    public string[] RolesOf(IReadOnlyCollection<string> groups) =>
        [
            .. Roles
                .Where(role =>
                    role.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                        .Any(groups.Contains)
                )
                .Select(role => role.Key)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>What is wrong with it, a sentence each. Secrets are not repeated.</summary>
    public IEnumerable<string> Faults()
    {
        if (!IsOn)
        {
            yield break;
        }

        if (
            !Uri.TryCreate(Authority, UriKind.Absolute, out var authority)
            || (authority.Scheme != "https" && !(authority.Scheme == "http" && authority.IsLoopback))
        )
        {
            yield return "Nurture:SignIn:Oidc:Authority is no address of https; expected the provider's issuer, such as https://login.example.com/realms/main.";
        }

        if (ClientId.Length == 0)
        {
            yield return "Nurture:SignIn:Oidc:ClientId is missing; expected the id under which the provider knows the console.";
        }

        if (ClientSecret.Length == 0)
        {
            yield return "Nurture:SignIn:Oidc:ClientSecret is missing; expected the secret that the provider has given with the id.";
        }

        foreach (var role in Roles.Keys.Where(role => !Core.People.Roles.All.Contains(role)))
        {
            yield return $"Nurture:SignIn:Oidc:Roles:{role} is no role; expected {string.Join(", ", Core.People.Roles.All)}.";
        }
    }
}
