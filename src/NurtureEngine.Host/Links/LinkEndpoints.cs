using System.Globalization;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Links;

/// <summary>
/// What the links of e-mails lead to: <c>/t</c> on to their targets, <c>/o</c> a picture, <c>/u</c> the way out. Asked for by strangers and
/// machines: nothing is told, nothing is set, and a look never changes anything but the count.
/// </summary>
internal static class LinkEndpoints
{
    private static readonly byte[] Picture = Convert.FromBase64String(
        "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    );

    public static void MapLinks(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/t/{token}", ["GET", "HEAD"], FollowAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods("/o/{token}", ["GET", "HEAD"], OpenAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapMethods("/u/{token}", ["GET", "HEAD"], ShowWayOut).AllowAnonymous().ExcludeFromDescription();
        routes.MapPost("/u/{token}", UnsubscribeAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
    }

    private static async Task<IResult> FollowAsync(
        string token,
        HttpContext http,
        LinkKeys keys,
        MessageStore messages,
        LinkHits hits,
        CancellationToken cancellationToken
    )
    {
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers["X-Robots-Tag"] = "noindex";
        http.Response.Headers.CacheControl = "no-store";
        var language = WayOutPage.LanguageOf(http.Request);
        if (keys.Read(token, LinkKind.Click) is not { } link)
        {
            return WayOutPage.Unknown(language);
        }

        if (
            await messages.FindAsync(link.Touch.Value, cancellationToken) is not { } message
            || link.Ordinal >= message.Links.Length
        )
        {
            return WayOutPage.Gone(language);
        }

        var target = message.Links[link.Ordinal];
        // A target's query may hold what is personal.
        var name = new Uri(target).GetLeftPart(UriPartial.Path);
        await hits.AddAsync(
            http.Request,
            message,
            new Feedback(
                FeedbackKind.Clicked,
                link.Touch.Value,
                name,
                link.Ordinal.ToString(CultureInfo.InvariantCulture)
            ),
            cancellationToken
        );
        return TypedResults.Redirect(target);
    }

    private static async Task<IResult> OpenAsync(
        string token,
        HttpContext http,
        LinkKeys keys,
        MessageStore messages,
        LinkHits hits,
        CancellationToken cancellationToken
    )
    {
        http.Response.Headers.CacheControl = "no-store";
        if (
            keys.Read(token, LinkKind.Open) is { } link
            && await messages.FindAsync(link.Touch.Value, cancellationToken) is { } message
        )
        {
            await hits.AddAsync(
                http.Request,
                message,
                new Feedback(FeedbackKind.Opened, link.Touch.Value),
                cancellationToken
            );
        }

        return TypedResults.Bytes(Picture, "image/gif");
    }

    // Whoever checks links opens this one too: only the button acts.
    private static IResult ShowWayOut(string token, HttpContext http, LinkKeys keys)
    {
        var language = WayOutPage.LanguageOf(http.Request);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Robots-Tag"] = "noindex";
        return keys.Read(token, LinkKind.Unsubscribe) is null ? WayOutPage.Unknown(language) : WayOutPage.Ask(language);
    }

    private static async Task<IResult> UnsubscribeAsync(
        string token,
        HttpContext http,
        LinkKeys keys,
        FeedbackStore feedback,
        WorkSignal signal,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        CancellationToken cancellationToken
    )
    {
        var language = WayOutPage.LanguageOf(http.Request);
        if (keys.Read(token, LinkKind.Unsubscribe) is not { } link)
        {
            return WayOutPage.Unknown(language);
        }

        // Whatever the body says: to unsubscribe is the safe direction. It is not read but for where the answer goes.
        var isPage = http.Request.Headers["Sec-Fetch-Mode"] == "navigate" || http.Request.Query.ContainsKey("page");
        await feedback.AppendAsync(
            [new Feedback(FeedbackKind.Unsubscribed, link.Touch.Value)],
            business.GetUtcNow(),
            cancellationToken
        );
        signal.Raise();
        return isPage ? WayOutPage.Done(language) : TypedResults.Text("OK");
    }
}
