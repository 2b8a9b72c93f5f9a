using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using NurtureEngine.Host.Configuration;

namespace NurtureEngine.Host.Intake;

/// <summary>How many events a source may send this host: so many a second, and what it has saved up over five seconds.</summary>
internal sealed class WebhookRates(IOptions<NurtureOptions> options) : IDisposable
{
    private const int SecondsSavedUp = 5;
    private readonly ConcurrentDictionary<string, TokenBucketRateLimiter> _limits = new(StringComparer.Ordinal);

    /// <summary>Null where the events are let in, else after how many seconds the sender may come again.</summary>
    public string? RetryAfter(string source, int events)
    {
        var perSecond =
            options.Value.Webhooks.Sources.GetValueOrDefault(source)?.PerSecond ?? WebhookSourceOptions.Usual;
        var limit = _limits.GetOrAdd(
            source,
            _ => new TokenBucketRateLimiter(
                new TokenBucketRateLimiterOptions
                {
                    TokenLimit = perSecond * SecondsSavedUp,
                    TokensPerPeriod = perSecond,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                    QueueLimit = 0,
                }
            )
        );
        using var lease = limit.AttemptAcquire(Math.Min(events, perSecond * SecondsSavedUp));
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait)
                ? Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture)
            : "1";
    }

    public void Dispose()
    {
        foreach (var limit in _limits.Values)
        {
            limit.Dispose();
        }
    }
}
