using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Links;

/// <summary>Counts who follows links and loads pictures: people as such, machines apart.</summary>
internal sealed class LinkHits(
    FeedbackStore store,
    WorkSignal signal,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
)
{
    public async Task AddAsync(
        HttpRequest request,
        StoredMessage message,
        Feedback hit,
        CancellationToken cancellationToken
    )
    {
        var now = business.GetUtcNow();
        var isPerson = HitClass.IsPerson(
            request.Method,
            request.Headers.UserAgent,
            request.Headers.AcceptLanguage,
            now - message.RecordedAt
        );
        var counted = isPerson ? hit : hit with { Kind = FeedbackKind.Scanned, Key = $"{hit.Word}{hit.Key}" };
        await store.AppendAsync([counted], now, cancellationToken);
        signal.Raise();
    }
}
