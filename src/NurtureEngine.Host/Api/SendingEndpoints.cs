using System.Security.Claims;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Api;

/// <summary>The emergency stop: ends all sending on a channel within a second, on every host.</summary>
internal static class SendingEndpoints
{
    private const int MaxReason = 500;

    public static void MapSending(this IEndpointRouteBuilder api)
    {
        var sending = api.MapGroup("/sending").WithTags("Sending");

        sending
            .MapGet(
                "/stops",
                async (SendingStop stop, CancellationToken cancellationToken) =>
                    TypedResults.Ok(new ListOf<StoppedChannel>(await stop.ListAsync(cancellationToken), null))
            )
            .WithName("ListStops")
            .WithSummary("The channels on which nothing leaves")
            .RequireAuthorization(Scopes.TouchesRead);

        sending
            .MapPost("/{channel}/stop", StopAsync)
            .WithName("StopSending")
            .WithSummary("Stops all sending on a channel; what is due waits")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .RequireAuthorization(Scopes.SendingStop);

        sending
            .MapPost("/{channel}/release", ReleaseAsync)
            .WithName("ReleaseSending")
            .WithSummary("Lets a channel go on, without a burst of what was held back")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .RequireAuthorization(Scopes.SendingStop);
    }

    private static async Task<IResult> StopAsync(
        string channel,
        StopNote note,
        ClaimsPrincipal user,
        SendingStop stop,
        ChannelSet channels,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        CancellationToken cancellationToken
    )
    {
        if (channels.Find(channel) is null)
        {
            return UnknownChannel(channel, channels);
        }

        if (string.IsNullOrWhiteSpace(note.Reason) || note.Reason.Length > MaxReason)
        {
            return Problems.BadRequest(
                $"'reason' is missing or too long; expected 1 to {MaxReason} characters for those who ask later."
            );
        }

        return await stop.StopAsync(
            channel,
            note.Reason.Trim(),
            KeyName.Of(user),
            AuditEntry.ActorOfKey(KeyName.Of(user)),
            business.GetUtcNow(),
            cancellationToken
        )
            ? TypedResults.NoContent()
            : Problems.Conflict($"The channel '{channel}' is stopped already.");
    }

    private static async Task<IResult> ReleaseAsync(
        string channel,
        ClaimsPrincipal user,
        SendingStop stop,
        WorkSignal signal,
        ChannelSet channels,
        [FromKeyedServices(Clocks.Business)] TimeProvider business,
        CancellationToken cancellationToken
    )
    {
        if (channels.Find(channel) is null)
        {
            return UnknownChannel(channel, channels);
        }

        if (
            !await stop.ReleaseAsync(
                channel,
                KeyName.Of(user),
                AuditEntry.ActorOfKey(KeyName.Of(user)),
                business.GetUtcNow(),
                cancellationToken
            )
        )
        {
            return Problems.Conflict($"The channel '{channel}' is not stopped.");
        }

        signal.Raise();
        return TypedResults.NoContent();
    }

    private static IResult UnknownChannel(string channel, ChannelSet channels) =>
        Problems.BadRequest($"'{channel}' is no channel; expected {string.Join(", ", channels.Names)}.");
}

/// <summary>Why all sending is stopped.</summary>
internal sealed record StopNote(string Reason);
