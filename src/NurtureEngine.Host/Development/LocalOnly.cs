using System.Net;
using System.Security.Claims;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Identity;

namespace NurtureEngine.Host.Development;

/// <summary>
/// Lets in administrators and, while no e-mail leaves, whoever sits at this machine. The Host header must be local too: a page on the web could
/// otherwise point a name of its own here and read along.
/// </summary>
internal sealed class LocalOnly : IEndpointFilter
{
    private static readonly string[] LocalNames = ["localhost", "127.0.0.1", "[::1]"];

    // Behind a reverse proxy on this machine every visitor comes from loopback.
    private static bool IsForwarding(string header) =>
        header.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
        || header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        // So the framework renames what it has taken from a trusted proxy.
        || header.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase)
        || header.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Via", StringComparison.OrdinalIgnoreCase);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Admits(context.HttpContext) ? await next(context) : Refusal();

    /// <summary>The answer to a refused request.</summary>
    public static IResult Refusal() =>
        TypedResults.Problem(
            "The development inbox is shown on this machine only, or to an administrator.",
            statusCode: StatusCodes.Status403Forbidden
        );

    /// <summary>Whether whoever asks is let in.</summary>
    public static bool Admits(HttpContext http) => Admits(http, Roles.Administrator);

    /// <summary>Whether whoever asks is let in; people who are signed in need one of the roles.</summary>
    public static bool Admits(HttpContext http, params ReadOnlySpan<string> roles)
    {
        foreach (var role in roles)
        {
            if (http.User.IsInRole(role))
            {
                return true;
            }
        }

        // Where e-mail really leaves, leads are real: nobody sees them for sitting at some machine.
        var isLocal =
            !http.RequestServices.GetRequiredService<IOptions<NurtureOptions>>().Value.Email.IsReal
            && http.Connection.RemoteIpAddress is { } address
            && IPAddress.IsLoopback(address)
            && LocalNames.Contains(http.Request.Host.Host)
            && !http.Request.Headers.Keys.Any(IsForwarding);
        // A key of a person opens no more than they see.
        return isLocal
            || http.User.HasClaim(ApiKeyAuthentication.ScopeClaim, Scopes.Admin)
                && !http.User.HasClaim(claim => claim.Type == ClaimTypes.NameIdentifier);
    }
}
