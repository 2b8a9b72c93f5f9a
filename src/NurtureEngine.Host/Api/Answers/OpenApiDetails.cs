using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace NurtureEngine.Host.Api.Answers;

/// <summary>The description's title and how callers sign in.</summary>
internal sealed class OpenApiDetails : IOpenApiDocumentTransformer
{
    public Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        document.Info = new OpenApiInfo
        {
            Title = "NurtureEngine",
            Version = "v1",
            Description = "Lead nurturing. Errors are RFC 9457 problems; lists go on at 'next'.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes["apiKey"] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API key, nk_…",
        };
        document.Servers = [];
        foreach (
            var (path, item) in document.Paths.Where(path => path.Key.StartsWith("/api/", StringComparison.Ordinal))
        )
        {
            if (!path.StartsWith("/api/dev/", StringComparison.Ordinal))
            {
                Secure(item, document);
            }
        }

        return Task.CompletedTask;
    }

    private static void Secure(IOpenApiPathItem item, OpenApiDocument document)
    {
        foreach (var operation in item.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>())
        {
            operation.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("apiKey", document)] = [] },
            ];
            operation.Responses ??= [];
            operation.Responses.TryAdd("400", new OpenApiResponse { Description = "A parameter has a wrong form." });
            operation.Responses.TryAdd(
                "401",
                new OpenApiResponse { Description = "There is no API key, or none that is valid." }
            );
            operation.Responses.TryAdd("403", new OpenApiResponse { Description = "The API key lacks the scope." });
        }
    }
}
