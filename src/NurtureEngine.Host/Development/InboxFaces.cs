using System.Globalization;
using System.Text;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Development;

/// <summary>The development inbox as an API, and what its pages frame.</summary>
internal static class InboxFaces
{
    public static void MapDevelopmentInbox(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/dev/inbox").AddEndpointFilter<LocalOnly>().ExcludeFromDescription();
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
