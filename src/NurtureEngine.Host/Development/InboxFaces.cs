using System.Globalization;
using System.Text;
using NurtureEngine.Core.Reports;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Leads;
using NurtureEngine.Postgres.Touches;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Development;

/// <summary>The development inbox as pages and as an API.</summary>
internal static class InboxFaces
{
    private const int PageSize = 100;
    private const int MostLeads = 1_000;

    public static void MapDevelopmentInbox(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/dev/inbox").AddEndpointFilter<LocalOnly>().ExcludeFromDescription();
        pages.MapGet(
            "/",
            async (
                HttpContext http,
                DevelopmentInbox inbox,
                long? before,
                string? track,
                CancellationToken cancellationToken
            ) =>
                Page(
                    http,
                    InboxPage.List(
                        await inbox.ListAsync(before, PageSize, lead: null, track, cancellationToken),
                        track is null ? "Development inbox" : $"Sent by {track}",
                        track is null ? "" : $"track={Uri.EscapeDataString(track)}&",
                        before is not null
                    )
                )
        );
        pages.MapGet(
            "/tracks",
            async (HttpContext http, DevelopmentInbox inbox, CancellationToken cancellationToken) =>
                Page(
                    http,
                    InboxPage.Groups(
                        "E-mails by track",
                        "/dev/inbox/tracks",
                        "Track",
                        await inbox.TracksAsync(cancellationToken),
                        group => $"/dev/inbox?track={Uri.EscapeDataString(group.Key)}"
                    )
                )
        );
        pages.MapGet(
            "/leads",
            async (HttpContext http, DevelopmentInbox inbox, CancellationToken cancellationToken) =>
                Page(
                    http,
                    InboxPage.Groups(
                        "E-mails by lead",
                        "/dev/inbox/leads",
                        "Lead",
                        await inbox.LeadsAsync(MostLeads, cancellationToken),
                        group => $"/dev/leads/{group.Key}"
                    )
                )
        );
        pages.MapGet(
            "/{id:long}",
            async (HttpContext http, DevelopmentInbox inbox, long id, CancellationToken cancellationToken) =>
                await inbox.FindAsync(id, cancellationToken) is { } message
                    ? Page(http, InboxPage.Message(message))
                    : Problems.NotFound($"There is no message {id}.")
        );
        pages.MapGet(
            "/{id:long}/html",
            async (HttpContext http, DevelopmentInbox inbox, long id, CancellationToken cancellationToken) =>
            {
                // A mail is somebody's template: it is shown without scripts, forms or an origin, and without the picture by which this host
                // counts openings: who looks here is not the lead.
                http.Response.Headers.ContentSecurityPolicy =
                    "sandbox; default-src 'none'; img-src https: data:; style-src 'unsafe-inline'";
                return await inbox.FindAsync(id, cancellationToken) is { } message
                    ? TypedResults.Content(message.Html, "text/html", Encoding.UTF8)
                    : Problems.NotFound($"There is no message {id}.");
            }
        );

        routes.MapGet("/dev/leads/{id:long}", DrawLeadAsync).AddEndpointFilter<LocalOnly>().ExcludeFromDescription();

        var api = routes.MapGroup("/api/dev/inbox").WithTags("Development inbox").AddEndpointFilter<LocalOnly>();
        api.MapGet(
                "/",
                (
                    HttpContext http,
                    DevelopmentInbox inbox,
                    int? limit,
                    string? after,
                    CancellationToken cancellationToken
                ) =>
                    Paging.AnswerAsync<InboxMessage, long, InboxMessageView>(
                        http,
                        limit,
                        after,
                        (key, most) => inbox.ListAsync(key, most, lead: null, track: null, cancellationToken),
                        InboxMessageView.Of
                    )
            )
            .WithName("ListDevelopmentInbox")
            .WithSummary("The e-mails that would have left, newest first")
            .Produces<ListOf<InboxMessageView>>();
        api.MapGet(
                "/{id:long}.eml",
                async (DevelopmentInbox inbox, long id, CancellationToken cancellationToken) =>
                    await inbox.FindAsync(id, cancellationToken) is { Message: { } message }
                        ? TypedResults.File(
                            message,
                            "message/rfc822",
                            string.Create(CultureInfo.InvariantCulture, $"{id}.eml")
                        )
                        : Problems.NotFound($"There is no message {id}.")
            )
            .WithName("DownloadMessage")
            .WithSummary("One e-mail as it would have gone over the wire");
    }

    private static async Task<IResult> DrawLeadAsync(
        HttpContext http,
        LeadQueries leads,
        EnrollmentQueries enrollments,
        TouchQueries touches,
        DevelopmentInbox inbox,
        TrackCatalog tracks,
        long id,
        CancellationToken cancellationToken
    )
    {
        if (await leads.FindAsync(id, LeadReach.All, cancellationToken) is not { } lead)
        {
            return Problems.NotFound($"There is no lead {id}.");
        }

        var page = new LeadPage(lead, tracks.Tracks);
        return Page(
            http,
            page.Draw(
                (await enrollments.ListAsync(id, state: null, after: null, PageSize, cancellationToken)).Items,
                (await touches.ListAsync(id, state: null, after: null, PageSize, cancellationToken)).Items,
                (await inbox.ListAsync(before: null, PageSize, id, track: null, cancellationToken)).Items,
                (await leads.TimelineAsync(id, before: null, PageSize, cancellationToken)).Items
            )
        );
    }

    private static IResult Page(HttpContext http, string html)
    {
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'";
        return TypedResults.Content(html, "text/html", Encoding.UTF8);
    }
}

/// <summary>A message in the list; <c>eml</c> is where it can be had whole.</summary>
internal sealed record InboxMessageView(
    string Id,
    string LeadId,
    string TouchId,
    DateTimeOffset ReceivedAt,
    string Recipient,
    string Subject,
    string Eml
)
{
    public static InboxMessageView Of(InboxMessage message)
    {
        var id = message.Id.ToString(CultureInfo.InvariantCulture);
        return new(
            id,
            message.LeadId.ToString(CultureInfo.InvariantCulture),
            message.TouchId.ToString(),
            message.ReceivedAt,
            message.Recipient,
            message.Subject,
            $"/api/dev/inbox/{id}.eml"
        );
    }
}
