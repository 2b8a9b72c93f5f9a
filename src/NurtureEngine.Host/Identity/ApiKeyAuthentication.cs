using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using NurtureEngine.Postgres.Access;

namespace NurtureEngine.Host.Identity;

/// <summary>Signs in whoever shows <c>Authorization: Bearer nk_…</c>.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ApiKeyStore keys
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string ScopeClaim = "scope";
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        // Looked up by hash: how long that takes says nothing about the key.
        if (await keys.FindAsync(ApiKeys.HashOf(header[Bearer.Length..].Trim()), Context.RequestAborted) is not { } key)
        {
            return AuthenticateResult.Fail("The API key is not known.");
        }

        var claims = key
            .Scopes.Select(scope => new Claim(ScopeClaim, scope))
            .Prepend(new Claim(ClaimTypes.Name, key.Name))
            // What they may see of leads is theirs, too.
            .Concat(
                key.PersonId is { } person
                    ? [new Claim(ClaimTypes.NameIdentifier, person.ToString(CultureInfo.InvariantCulture))]
                    : Enumerable.Empty<Claim>()
            );
        var identity = new ClaimsIdentity(claims, Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return base.HandleChallengeAsync(properties);
    }
}

internal static class ScopeRegistration
{
    /// <summary>One policy per scope, of the scope's name; an administrator's key passes each.</summary>
    public static IServiceCollection AddApiKeys(this IServiceCollection services)
    {
        services
            .AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        var authorization = services.AddAuthorizationBuilder();
        foreach (var scope in Scopes.All)
        {
            authorization.AddPolicy(
                scope,
                policy => policy.RequireClaim(ApiKeyAuthentication.ScopeClaim, scope, Scopes.Admin)
            );
        }

        return services;
    }
}
