namespace NurtureEngine.Host.Api.Answers;

/// <summary>Refuses a request whose query names what the endpoint does not know: a filter or a rehearsal misspelt would do more than was meant.</summary>
internal sealed class OnlyQuery(params string[] names) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context
            .HttpContext.Request.Query.Keys.Where(key => !names.Contains(key, StringComparer.OrdinalIgnoreCase))
            .ToList()
            is { Count: > 0 } unknown
            ? Problems.BadRequest(
                $"'{string.Join("', '", unknown)}' is not known here; expected one of {string.Join(", ", names)}."
            )
            : await next(context);
}
