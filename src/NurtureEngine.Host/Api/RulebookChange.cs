using System.Text;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Host.Api;

/// <summary>Puts another rulebook in force, where it has no faults and nobody has changed the one it replaces.</summary>
internal sealed class RulebookChange(
    RulebookStore store,
    TrackCatalog tracks,
    WorkSignal signal,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
)
{
    /// <summary>The answer to whoever changes a version that is not in force (RFC 9110, 13.1.1).</summary>
    public static IResult Stale(int expected) =>
        TypedResults.Problem(
            $"Version {expected} is not the one in force; somebody has changed the rulebook meanwhile.",
            statusCode: StatusCodes.Status412PreconditionFailed
        );

    /// <param name="http">The request of whoever changes it.</param>
    /// <param name="body">The whole rulebook as JSON.</param>
    /// <param name="expected">The version that it replaces.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IResult> PutInForceAsync(
        HttpContext http,
        byte[] body,
        int expected,
        CancellationToken cancellationToken
    )
    {
        if (RulebookReader.TryRead(body, expected, out var faults) is null)
        {
            return Problems.Faults(faults);
        }

        var version = await store.ReplaceAsync(
            Encoding.UTF8.GetString(body),
            expected,
            KeyName.Of(http.User),
            business.GetUtcNow(),
            cancellationToken
        );
        if (version is null)
        {
            return Stale(expected);
        }

        await tracks.RefreshAsync(always: true, cancellationToken);
        signal.Raise();
        http.Response.Headers.ETag = $"\"{version}\"";
        return TypedResults.Ok(RulebookView.Of((await store.FindAsync(version.Value, cancellationToken))!));
    }
}
