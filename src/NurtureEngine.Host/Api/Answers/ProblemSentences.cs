using Microsoft.AspNetCore.Authorization;

namespace NurtureEngine.Host.Api.Answers;

/// <summary>Says what is expected where the framework answers with a status alone.</summary>
internal static class ProblemSentences
{
    public static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Detail ??= problem.Status switch
        {
            StatusCodes.Status400BadRequest =>
                "A parameter of the address or the body has a wrong form; /openapi/v1.json shows each.",
            StatusCodes.Status401Unauthorized =>
                "An API key is needed: send 'Authorization: Bearer nk_…' with one that was not revoked.",
            StatusCodes.Status403Forbidden => Scope(context.HttpContext) is { } scope
                ? $"This needs an API key with the scope '{scope}'."
                : null,
            StatusCodes.Status404NotFound => "There is nothing at this address.",
            StatusCodes.Status415UnsupportedMediaType =>
                "The body has another form than expected: send it with 'Content-Type: application/json', or 'text/csv' where leads are imported.",
            StatusCodes.Status503ServiceUnavailable => "The database does not answer; try again in a moment.",
            _ => null,
        };
    }

    private static string? Scope(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>()?.Policy;
}
