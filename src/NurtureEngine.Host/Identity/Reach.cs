using NurtureEngine.Core.Reports;
using NurtureEngine.Host.Api.Answers;

namespace NurtureEngine.Host.Identity;

/// <summary>
/// Keeps keys of people who see some leads only to the routes that go by it. A route says so by <see cref="WithinReach{TBuilder}" />; one that was
/// forgotten is shut for them, not open.
/// </summary>
internal static class Reach
{
    public static TBuilder WithinReach<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(Within.Instance);

    /// <summary>The filter of all routes of the API.</summary>
    public static EndpointFilterDelegate Guard(EndpointFilterFactoryContext _, EndpointFilterDelegate next) =>
        async invocation =>
        {
            var http = invocation.HttpContext;
            if (
                http.GetEndpoint()?.Metadata.GetMetadata<Within>() is not null
                // Anonymous requests are handled by the route's own policy.
                || http.User.Identity?.IsAuthenticated != true
            )
            {
                return await next(invocation);
            }

            var sight = http.RequestServices.GetRequiredService<ILeadSight>();
            return (await sight.OfAsync(http.User, http.RequestAborted)).IsAll
                ? await next(invocation)
                : Problems.Forbidden(
                    "This key sees some leads only, and this route goes by all; use /api/leads and what is below it, or /api/exports/leads."
                );
        };

    private sealed class Within
    {
        public static Within Instance { get; } = new();
    }
}
