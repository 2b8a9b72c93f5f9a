using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Reports;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;

namespace NurtureEngine.Host.Pages;

/// <summary>Notifies open pages of changes. Each topic is queried at most once every two seconds per host, and only while pages listen.</summary>
internal sealed class LivePulse(
    IHomeQueries home,
    IHealthBoard health,
    TimeProvider machineTime,
    IHostApplicationLifetime lifetime,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // Proxies close connections that are silent for a minute.
    private static readonly TimeSpan BetweenSigns = TimeSpan.FromSeconds(20);

    // Then the browser reconnects and is authenticated again.
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Topic> _topics = new(StringComparer.Ordinal)
    {
        ["home"] = new(Roles.All),
        ["health"] = new(Roles.MayStop),
    };

    /// <summary>Whether the topic exists and the person may listen to it.</summary>
    public bool IsFor(string topic, ClaimsPrincipal person) =>
        _topics.TryGetValue(topic, out var known) && known.Roles.Any(person.IsInRole);

    /// <summary>A <c>changed</c> whenever the topic has changed since the last one, and an <c>alive</c> now and then.</summary>
    public async IAsyncEnumerable<SseItem<string>> ListenAsync(
        string topic,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            lifetime.ApplicationStopping
        );
        var (begun, said) = (machineTime.GetTimestamp(), machineTime.GetTimestamp());
        string? last = null;
        while (machineTime.GetElapsedTime(begun) < Life)
        {
            string seen;
            try
            {
                seen = await LookAsync(topic, ends.Token);
                if (last is not null && seen == last)
                {
                    await Task.Delay(Pause, machineTime, ends.Token);
                }
            }
            // Browsers reconnect automatically.
            catch (Exception exception) when (exception is OperationCanceledException || Outage.Is(exception))
            {
                yield break;
            }

            var isNews = last is not null && seen != last;
            last = seen;
            if (isNews || machineTime.GetElapsedTime(said) > BetweenSigns)
            {
                said = machineTime.GetTimestamp();
                yield return new SseItem<string>(topic, isNews ? "changed" : "alive");
            }
        }
    }

    public void Dispose()
    {
        foreach (var topic in _topics.Values)
        {
            topic.Looking.Dispose();
        }
    }

    private async Task<string> LookAsync(string name, CancellationToken cancellationToken)
    {
        var topic = _topics[name];
        await topic.Looking.WaitAsync(cancellationToken);
        try
        {
            if (topic.Look is { } look && machineTime.GetElapsedTime(look.At) < Pause)
            {
                return look.Seen;
            }

            var seen =
                name == "home"
                    ? JsonSerializer.Serialize(await home.ReadAsync(business.GetUtcNow().AddDays(1), cancellationToken))
                    : SeenOf(await health.ReadAsync(cancellationToken));
            topic.Look = (seen, machineTime.GetTimestamp());
            return seen;
        }
        finally
        {
            topic.Looking.Release();
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

    private sealed class Topic(IReadOnlyList<string> roles)
    {
        /// <summary>The roles that may listen.</summary>
        public IReadOnlyList<string> Roles => roles;

        public SemaphoreSlim Looking { get; } = new(1);

        /// <summary>What was seen last, and when.</summary>
        public (string Seen, long At)? Look { get; set; }
    }
}
