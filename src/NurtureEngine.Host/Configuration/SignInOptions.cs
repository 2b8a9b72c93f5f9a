namespace NurtureEngine.Host.Configuration;

/// <summary>How people sign in, beside their passwords.</summary>
internal sealed class SignInOptions
{
    public OidcOptions Oidc { get; set; } = new();
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
