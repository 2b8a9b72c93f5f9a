using System.Collections.Concurrent;
using NurtureEngine.Channels.Http;

namespace NurtureEngine.Host.Tracks;

/// <summary>Which links of contents work, as they were found within the last ten minutes.</summary>
internal sealed class LinkHealth(LinkProbe probe, TimeProvider machineTime) : IDisposable
{
    private const int AtOnce = 8;
    private const int Most = 5_000;

    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, (long At, Task<string?> Fault)> _found = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turns = new(AtOnce);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>The links that do not work, with what happened. What is not known yet is looked up; the answer waits for that no longer than it may.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FindDeadAsync(
        IEnumerable<string> links,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        var asked = links.Distinct(StringComparer.Ordinal).Take(Most).ToDictionary(link => link, Lookup);
        var all = Task.WhenAll(asked.Values);
        if (patience > TimeSpan.Zero)
        {
            await Task.WhenAny(all, Task.Delay(patience, machineTime, cancellationToken));
        }

        var dead = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (link, found) in asked.Where(link => link.Value.IsCompletedSuccessfully))
        {
            if (await found is { } fault)
            {
                dead[link] = fault;
            }
        }

        return dead;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _turns.Dispose();
    }

    private Task<string?> Lookup(string link)
    {
        if (_found.TryGetValue(link, out var known) && machineTime.GetElapsedTime(known.At) < KeptFor)
        {
            return known.Fault;
        }

        if (_found.Count > Most)
        {
            _found.Clear();
        }

        return _found
            .AddOrUpdate(
                link,
                _ => (machineTime.GetTimestamp(), ProbeAsync(link)),
                (_, old) =>
                    machineTime.GetElapsedTime(old.At) < KeptFor ? old : (machineTime.GetTimestamp(), ProbeAsync(link))
            )
            .Fault;
    }

    private async Task<string?> ProbeAsync(string link)
    {
        if (!Uri.TryCreate(link, UriKind.Absolute, out var address))
        {
            return "InvalidAddress";
        }

        await _turns.WaitAsync(_stopping.Token);
        try
        {
            return await probe.FindFaultAsync(address, _stopping.Token);
        }
        finally
        {
            _turns.Release();
        }
    }
}
