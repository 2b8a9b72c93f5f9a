using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace NurtureEngine.Studio.Saving;

/// <summary>
/// Admits only those who may change tracks. Requests that a cookie has signed in must come from this site: Elsa Studio sends no antiforgery token, so
/// <c>Sec-Fetch-Site</c> or <c>Origin</c> is checked instead.
/// </summary>
internal static class WriteGuard
{
    public static ValueTask<object?> AdmitAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var rights = http.RequestServices.GetRequiredService<DesignerRights>();
        return !rights.MayDesign(http.User) ? Refuse("To change tracks, a role or a key that allows it is needed.")
            : IsFromElsewhere(http.Request) ? Refuse("The request does not come from a page of this site.")
            : next(context);
    }

    private static ValueTask<object?> Refuse(string sentence) =>
        ValueTask.FromResult<object?>(TypedResults.Problem(sentence, statusCode: StatusCodes.Status403Forbidden));

    // No page of another site can set the header of an API key.
    internal static bool IsFromElsewhere(HttpRequest request) =>
        StringValues.IsNullOrEmpty(request.Headers.Authorization)
        && (
            request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
                ? site != "same-origin"
                : request.Headers.Origin.ToString() != $"{request.Scheme}://{request.Host}"
        );
}
