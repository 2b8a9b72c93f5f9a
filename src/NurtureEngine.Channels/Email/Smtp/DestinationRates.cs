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
    private readonly ConcurrentDictionary<string, TimeSpan> _pauses = new(StringComparer.OrdinalIgnoreCase);
    private readonly long _start = time.GetTimestamp();

    private TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>Takes a place in the domain's queue, and says after which time it comes; nothing where it may leave at once.</summary>
    public TimeSpan Take(string domain)
    {
        var pause = PauseOf(domain);
        if (RateOf(domain) is null)
        {
            return pause;
        }

        var wait = TimeSpan.Zero;
        _buckets.AddOrUpdate(domain, name => Taken(NewBucket(name)), (_, bucket) => Taken(bucket));
        Forget();
        return wait > pause ? wait : pause;

        TokenBucket Taken(TokenBucket bucket)
        {
            (wait, var then) = bucket.Take(1, Now);
            return then;
        }
    }

    /// <summary>Lets a domain have its patience.</summary>
    public void Pause(string domain) => _pauses[domain] = Now + Patience;

    /// <summary>For how long a domain still wants patience.</summary>
    public TimeSpan PauseOf(string domain) =>
        _pauses.TryGetValue(domain, out var until) && until > Now ? until - Now : TimeSpan.Zero;

    private TokenBucket NewBucket(string domain) => new(RateOf(domain) ?? double.PositiveInfinity, TimeSpan.Zero);

    private double? RateOf(string domain) =>
        options.Destinations.TryGetValue(domain, out var own) ? own
        : options.Destinations.TryGetValue(Others, out var usual) ? usual
        : null;

    // What is long over says nothing any more.
    private void Forget()
    {
        foreach (
            var (domain, until) in _pauses.Count > MostRemembered
                ? [.. _pauses]
                : Array.Empty<KeyValuePair<string, TimeSpan>>()
        )
        {
            if (until < Now)
            {
                _pauses.TryRemove(KeyValuePair.Create(domain, until));
            }
        }

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
