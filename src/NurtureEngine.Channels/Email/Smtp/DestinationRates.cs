using System.Collections.Concurrent;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email.Smtp;

/// <summary>How fast each domain of recipients is written to, and those that asked for patience.</summary>
internal sealed class DestinationRates(SmtpOptions options, TimeProvider time)
{
    private const string Others = "*";
    private const int MostRemembered = 10_000;

    // A domain that says it gets too much is left alone for so long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new(StringComparer.OrdinalIgnoreCase);
    private readonly long _start = time.GetTimestamp();

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Takes a place in the domain's queue, and says after which time it comes; nothing where it may leave at once.</summary>
    public TimeSpan Take(string domain)
    {
        var rate = RateOf(domain);
        if (rate is null && !_buckets.ContainsKey(domain))
        {
            return TimeSpan.Zero;
        }

        var wait = TimeSpan.Zero;
        _buckets.AddOrUpdate(domain, name => Taken(NewBucket(name)), (_, bucket) => Taken(bucket));
        Forget();
        return wait;

        TokenBucket Taken(TokenBucket bucket)
        {
            (wait, var then) = bucket.Take(1, Now);
            return then;
        }
    }

    /// <summary>Lets a domain have its patience.</summary>
    public void Pause(string domain) =>
        _buckets.AddOrUpdate(
            domain,
            name => NewBucket(name) with { FreeAt = Now + Patience },
            (_, bucket) => bucket.FreeAt > Now + Patience ? bucket : bucket with { FreeAt = Now + Patience }
        );

    private TokenBucket NewBucket(string domain) => new(RateOf(domain) ?? double.PositiveInfinity, TimeSpan.Zero);

    private double? RateOf(string domain) =>
        options.Destinations.TryGetValue(domain, out var own) ? own
        : options.Destinations.TryGetValue(Others, out var usual) ? usual
        : null;

    // What is long over says nothing any more.
    private void Forget()
    {
        if (_buckets.Count > MostRemembered)
        {
            var over = Now - TimeSpan.FromSeconds(2);
            foreach (var (domain, bucket) in _buckets)
            {
                if (bucket.FreeAt < over)
                {
                    _buckets.TryRemove(KeyValuePair.Create(domain, bucket));
                }
            }
        }
    }
}
