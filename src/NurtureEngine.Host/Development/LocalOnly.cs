using System.Net;
using NurtureEngine.Host.Identity;

namespace NurtureEngine.Host.Development;

/// <summary>
/// Lets in whoever sits at this machine, else administrators. The Host header must be local too: a page on the web could
/// otherwise point a name of its own here and read along.
/// </summary>
internal sealed class LocalOnly : IEndpointFilter
{
    private static readonly string[] LocalNames = ["localhost", "127.0.0.1", "[::1]"];

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var isLocal =
            http.Connection.RemoteIpAddress is { } address
            && IPAddress.IsLoopback(address)
            && LocalNames.Contains(http.Request.Host.Host);
        return isLocal || http.User.HasClaim(ApiKeyAuthentication.ScopeClaim, Scopes.Admin)
            ? await next(context)
            : TypedResults.Problem(
                "The development inbox is shown on this machine only, or to an administrator's API key.",
                statusCode: StatusCodes.Status403Forbidden
            );
    }
}
