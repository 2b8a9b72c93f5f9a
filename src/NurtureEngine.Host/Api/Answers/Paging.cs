using NurtureEngine.Postgres;

namespace NurtureEngine.Host.Api.Answers;

/// <summary>A page of a list; <c>next</c> goes into <c>after</c> of the next request, and is null at the end.</summary>
internal sealed record ListOf<TItem>(IReadOnlyList<TItem> Items, string? Next);

/// <summary>Answers lists page by page.</summary>
internal static class Paging
{
    private const int DefaultLimit = 50;
    private const int MostLimit = 200;

    /// <summary>Reads <c>limit</c> and <c>after</c>, asks for the page, and answers it; faults are a 400 that names them.</summary>
    public static async Task<IResult> AnswerAsync<TRow, TKey, TItem>(
        HttpContext http,
        int? limit,
        string? after,
        Func<TKey?, int, Task<Page<TRow, TKey>>> ask,
        Func<TRow, TItem> show
    )
        where TKey : struct
    {
        if (limit is < 1 or > MostLimit)
        {
            return Problems.BadRequest($"'limit' is {limit}; expected 1 to {MostLimit}.");
        }

        if (!Cursor.TryRead<TKey>(after, out var key))
        {
            return Problems.BadRequest("'after' is no cursor of this list; expected the 'next' of its previous page.");
        }

        var page = await ask(key, limit ?? DefaultLimit);
        var next = page.Next is { } last ? Cursor.Write(last) : null;
        if (next is not null)
        {
            var query = QueryString.Create(
                http.Request.Query.Where(pair => pair.Key != "after").Append(new("after", next))
            );
            http.Response.Headers.Link = $"<{http.Request.PathBase}{http.Request.Path}{query}>; rel=\"next\"";
        }

        return TypedResults.Ok(new ListOf<TItem>([.. page.Items.Select(show)], next));
    }
}
