using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Api;

/// <summary>Pauses leads, accounts and tracks, and lets them go on.</summary>
internal static class PauseEndpoints
{
    public static void MapPauses(this IEndpointRouteBuilder api)
    {
        Map<long>(
            api,
            "leads/{id:long}",
            "Lead",
            "a lead",
            (store, id, now, token) => store.PauseLeadAsync(id, now, token),
            (store, id, now, token) => store.ResumeLeadAsync(id, now, token)
        );
        Map<long>(
            api,
            "accounts/{id:long}",
            "Account",
            "an account with all its leads",
            (store, id, now, token) => store.PauseAccountAsync(id, now, token),
            (store, id, now, token) => store.ResumeAccountAsync(id, now, token)
        );
        Map<string>(
            api,
            "tracks/{id}",
            "Track",
            "a track",
            (store, id, now, token) => store.PauseTrackAsync(id, now, token),
            (store, id, now, token) => store.ResumeTrackAsync(id, now, token)
        );
    }

    private static void Map<TId>(
        IEndpointRouteBuilder api,
        string route,
        string name,
        string what,
        Func<PauseStore, TId, DateTimeOffset, CancellationToken, Task<bool>> pause,
        Func<PauseStore, TId, DateTimeOffset, CancellationToken, Task<bool>> resume
    )
    {
        foreach (
            var (verb, act, summary, not) in new[]
            {
                ("pause", pause, $"Pauses {what}: nothing is sent and no step taken until it is resumed", "to pause"),
                ("resume", resume, $"Lets {what} go on, without a burst of what was held back", "that is paused"),
            }
        )
        {
            api.MapPost(
                    $"/{route}/{verb}",
                    async (
                        TId id,
                        PauseStore store,
                        WorkSignal signal,
                        [FromKeyedServices(Clocks.Business)] TimeProvider business,
                        CancellationToken cancellationToken
                    ) =>
                    {
                        if (!await act(store, id, business.GetUtcNow(), cancellationToken))
                        {
                            return Problems.NotFound($"There is no {name.ToLowerInvariant()} {id} {not}.");
                        }

                        signal.Raise();
                        return TypedResults.NoContent();
                    }
                )
                .WithTags($"{name}s")
                .WithName($"{char.ToUpperInvariant(verb[0])}{verb[1..]}{name}")
                .WithSummary(summary)
                .Produces(StatusCodes.Status204NoContent)
                .ProducesProblem(StatusCodes.Status404NotFound)
                .RequireAuthorization(Scopes.TracksWrite);
        }
    }
}
