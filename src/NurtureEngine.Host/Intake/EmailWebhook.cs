using System.Security.Cryptography;
using System.Text;
using NurtureEngine.Channels.Email.Reports;
using NurtureEngine.Core.Intake;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Links;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.Host.Intake;

/// <summary>Takes in what comes back by mail, raw as a mail system pipes it: reports of failure, complaints, answers.</summary>
internal static partial class EmailWebhook
{
    /// <summary>The largest message, in bytes.</summary>
    public const int MaxBody = 25 * 1024 * 1024;

    public static void MapEmailWebhooks(this IEndpointRouteBuilder routes)
    {
        Map(
            routes,
            "dsn",
            "ReceiveReport",
            "A delivery report (RFC 3464) or complaint (ARF), raw",
            MailReports.ReadReport
        );
        Map(routes, "inbound", "ReceiveReply", "An answer to an e-mail, raw", MailReports.ReadInbound);
    }

    private static void Map(
        IEndpointRouteBuilder routes,
        string path,
        string name,
        string summary,
        Func<RawMessage, IReadOnlyList<MailReport>> read
    ) =>
        routes
            .MapPost(
                $"/webhooks/email/{path}",
                (
                    HttpRequest request,
                    TouchMarks marks,
                    FeedbackStore store,
                    WorkSignal signal,
                    ILogger<FeedbackStore> logger,
                    [FromKeyedServices(Clocks.Business)] TimeProvider business,
                    CancellationToken cancellationToken
                ) => ReceiveAsync(request, read, marks, store, signal, logger, business, cancellationToken)
            )
            .WithTags("Webhooks")
            .WithName(name)
            .WithSummary(summary)
            .Produces<HeardOf>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .RequireAuthorization(Scopes.EmailReport);

    private static async Task<IResult> ReceiveAsync(
        HttpRequest request,
        Func<RawMessage, IReadOnlyList<MailReport>> read,
        TouchMarks marks,
        FeedbackStore store,
        WorkSignal signal,
        ILogger logger,
        TimeProvider business,
        CancellationToken cancellationToken
    )
    {
        if (await RequestBody.ReadAsync(request, MaxBody, cancellationToken) is not { } body)
        {
            return TypedResults.Problem(
                $"The body is larger than {MaxBody} bytes.",
                statusCode: StatusCodes.Status413PayloadTooLarge
            );
        }

        var message = RawMessage.Parse(body);
        if (message.Headers.Count == 0)
        {
            return Problems.BadRequest(
                "The body is no message; expected headers, an empty line and a body (RFC 5322)."
            );
        }

        var reports = read(message);
        var feedback = reports
            .Where(report => report.Kind is not null)
            .Select(report => (report, Touch: marks.Find(report.Marks)))
            .Where(found => found.Touch is not null)
            .Select(found => new Feedback(
                found.report.Kind!.Value,
                found.Touch!.Value.Value,
                found.report.Status,
                // A person may answer several times; a machine's word on a message counts once.
                found.report.Kind
                    is FeedbackKind.Replied
                        or FeedbackKind.AutoReplied
                        or FeedbackKind.Unknown
                    ? KeyOf(message, body)
                    : null
            ))
            .ToList();
        var heard = await store.AppendAsync(feedback, business.GetUtcNow(), cancellationToken);
        if (heard > 0)
        {
            signal.Raise();
        }
        else
        {
            LogNothing(logger, reports.Count);
        }

        return TypedResults.Accepted(
            (string?)null,
            new HeardOf(reports.Count, [.. feedback.Select(one => new HeardTouch(one.Touch, one.Word))])
        );
    }

    // The same message that is handed in twice is one answer.
    private static string KeyOf(RawMessage message, byte[] body) =>
        Convert.ToHexStringLower(
            SHA256.HashData(message.Header("Message-ID") is { } id ? Encoding.UTF8.GetBytes(id) : body).AsSpan(0, 8)
        );

    [LoggerMessage(
        EventId = 1201,
        Level = LogLevel.Information,
        Message = "A message that came back names no touch of ours, or means nothing for one ({Reports} reports in it)"
    )]
    private static partial void LogNothing(ILogger logger, int reports);
}

/// <summary>How many reports were read in a message, and of which touches something was heard.</summary>
internal sealed record HeardOf(int Reports, IReadOnlyList<HeardTouch> Touches);

/// <summary>What was heard of a touch, such as <c>bounced</c>, <c>complained</c> or <c>replied</c>.</summary>
internal sealed record HeardTouch(Guid Id, string What);
