using System.Runtime.CompilerServices;
using System.Text.Json;
using NurtureEngine.Core.Reports;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;

namespace NurtureEngine.Host.Pages;

/// <summary>Tells open pages that what they show has changed. However many listen, each topic is looked at once every two seconds, and not at all where nobody does.</summary>
internal sealed class LivePulse(
    IHomeQueries home,
    IHealthBoard health,
    TimeProvider machineTime,
    IHostApplicationLifetime lifetime,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _looking = new(1);
    private readonly Dictionary<string, (string Seen, long At)> _looks = new(StringComparer.Ordinal);

    /// <summary>Whether there is something to listen to.</summary>
    public static bool Knows(string topic) => topic is "home" or "health";

    /// <summary>An item whenever the topic has changed since the last one.</summary>
    public async IAsyncEnumerable<string> ListenAsync(
        string topic,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            lifetime.ApplicationStopping
        );
        string? last = null;
        while (true)
        {
            string? seen = null;
            try
            {
                seen = await LookAsync(topic, ends.Token);
                if (seen == last || last is null)
                {
                    last = seen;
                    await Task.Delay(Pause, machineTime, ends.Token);
                    continue;
                }
            }
            // Whoever listens comes again by themselves.
            catch (Exception exception) when (exception is OperationCanceledException || Outage.Is(exception))
            {
                yield break;
            }

            last = seen;
            yield return topic;
        }
    }

    public void Dispose() => _looking.Dispose();

    private async Task<string> LookAsync(string topic, CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            if (_looks.TryGetValue(topic, out var look) && machineTime.GetElapsedTime(look.At) < Pause)
            {
                return look.Seen;
            }

            var seen =
                topic == "home"
                    ? JsonSerializer.Serialize(await home.ReadAsync(business.GetUtcNow().AddDays(1), cancellationToken))
                    : SeenOf(await health.ReadAsync(cancellationToken));
            _looks[topic] = (seen, machineTime.GetTimestamp());
            return seen;
        }
        finally
        {
            _looking.Release();
        }
    }

    // That a host has reported once more is nothing new.
    private static string SeenOf(HealthSheet sheet) =>
        string.Join(
            '|',
            sheet
                .Checks.Select(check => $"{check}")
                .Concat(sheet.Waiting.Select(item => $"{item}"))
                .Concat(sheet.Jobs?.Hosts.Select(host => $"{host.Name} {host.Queues}") ?? [])
                .Append($"{sheet.Jobs?.Scheduled} {sheet.Jobs?.Running} {sheet.Jobs?.Failed}")
        );
}
