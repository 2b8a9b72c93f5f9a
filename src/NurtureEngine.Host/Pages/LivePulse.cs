using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Reports;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;

namespace NurtureEngine.Host.Pages;

/// <summary>Notifies open pages of changes. What a topic shows is read once for all pages of a host, and only while pages listen.</summary>
internal sealed class LivePulse : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // Proxies close connections that are silent for a minute.
    private static readonly TimeSpan BetweenSigns = TimeSpan.FromSeconds(20);

    // Then the browser reconnects and is authenticated again.
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, Topic> _topics;
    private readonly TimeProvider _machineTime;
    private readonly IHostApplicationLifetime _lifetime;

    public LivePulse(
        IHomeQueries home,
        IHealthBoard health,
        TimeProvider machineTime,
        IHostApplicationLifetime lifetime,
        [FromKeyedServices(Clocks.Business)] TimeProvider business
    )
    {
        (_machineTime, _lifetime) = (machineTime, lifetime);
        _topics = new(StringComparer.Ordinal)
        {
            ["home"] = new(
                Roles.All,
                Shared(async token =>
                    JsonSerializer.Serialize(await home.ReadAsync(business.GetUtcNow().AddDays(1), token))
                )
            ),
            ["health"] = new(Roles.MayStop, Shared(async token => SeenOf(await health.ReadAsync(token)))),
        };
    }

    /// <summary>Whether the topic exists and the person may listen to it.</summary>
    public bool IsFor(string topic, ClaimsPrincipal person) =>
        _topics.TryGetValue(topic, out var known) && known.Roles.Any(person.IsInRole);

    /// <summary>A <c>changed</c> whenever the topic has changed since the last one, and an <c>alive</c> now and then.</summary>
    public IAsyncEnumerable<SseItem<string>> ListenAsync(string topic, CancellationToken cancellationToken) =>
        ListenAsync(topic, _topics[topic].Reading.GetAsync, Pause, cancellationToken);

    /// <summary>Likewise, of what is read in another way.</summary>
    /// <param name="topic">What the events say.</param>
    /// <param name="look">What is seen now, as a text that differs whenever something has changed.</param>
    /// <param name="pause">The time between two looks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<SseItem<string>> ListenAsync(
        string topic,
        Func<CancellationToken, Task<string>> look,
        TimeSpan pause,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            _lifetime.ApplicationStopping
        );
        var (begun, said) = (_machineTime.GetTimestamp(), _machineTime.GetTimestamp());
        string? last = null;
        while (_machineTime.GetElapsedTime(begun) < Life)
        {
            string seen;
            try
            {
                seen = await look(ends.Token);
                if (last is not null && seen == last)
                {
                    await Task.Delay(pause, _machineTime, ends.Token);
                }
            }
            // Browsers reconnect automatically.
            catch (Exception exception) when (exception is OperationCanceledException || Outage.Is(exception))
            {
                yield break;
            }

            var isNews = last is not null && seen != last;
            last = seen;
            if (isNews || _machineTime.GetElapsedTime(said) > BetweenSigns)
            {
                said = _machineTime.GetTimestamp();
                yield return new SseItem<string>(topic, isNews ? "changed" : "alive");
            }
        }
    }

    public void Dispose()
    {
        foreach (var topic in _topics.Values)
        {
            topic.Reading.Dispose();
        }
    }

    private SharedReading<string> Shared(Func<CancellationToken, Task<string>> read) => new(read, Pause, _machineTime);

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

    /// <summary>What pages listen to.</summary>
    /// <param name="Roles">The roles that may listen.</param>
    /// <param name="Reading">What is seen of it.</param>
    private sealed record Topic(IReadOnlyList<string> Roles, SharedReading<string> Reading);
}
