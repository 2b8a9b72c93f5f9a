using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace NurtureEngine.Host.Api;

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
        return Task.CompletedTask;
    }
}
