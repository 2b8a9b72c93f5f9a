using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Touches;
using NurtureEngine.Host.Tracks;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.IntegrationTests.Laws;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Crashes;

/// <summary>
/// A host that stands still at each boundary of a touch's life, loses its connections, is taken for dead, and wakes up after another has gone on: by
/// either channel nothing is lost and nothing leaves twice.
/// </summary>
public sealed class ChannelCrashTests(PostgresServer server) : IDisposable
{
    private static readonly Dictionary<string, bool> Boundaries = new()
    {
        ["dispatch.claimed"] = false,
        ["gate.committing"] = false,
        ["gate.committed"] = true,
        ["dispatch.delivering"] = true,
        ["dispatch.delivered"] = true,
        ["dispatch.settling"] = true,
        ["dispatch.settled"] = false,
    };

    private readonly ConcurrentQueue<Guid> _taken = new();
    private readonly AsyncLocal<bool> _isDoomed = new();
    private readonly TrackFolder _folder = new("channel-crash");

    /// <summary>Each boundary on each channel, and whether the touch becomes uncertain there.</summary>
    public static IEnumerable<TheoryDataRow<string, string, bool>> Points =>
        from channel in new[] { "email", "sms" }
        from boundary in Boundaries
        select new TheoryDataRow<string, string, bool>(channel, boundary.Key, boundary.Value);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_host_that_wakes_up_late_doubles_nothing(string channel, string boundary, bool isUncertain)
    {
        var database = await server.CloneAsync();
        await _folder.PublishAsync(
            [Step("hello", "Nurture.SendEmail", ("templateId", Literal("welcome-hello")))],
            "T>hello"
        );
        await using var doomed = await StartAsync(database);
        await PlanAsync(doomed, channel);
        var (reached, awake) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var hook = WaypointHook.At(
            boundary,
            () =>
            {
                if (_isDoomed.Value && reached.TrySetResult())
                {
                    awake.Task.Wait();
                }
            }
        );
        var turn = Task.Run(() =>
        {
            _isDoomed.Value = true;
            return doomed.TurnAsync<DispatchTurn>();
        });
        Assert.Same(reached.Task, await Task.WhenAny(reached.Task, turn));
        await CutAsync(database);

        await using var next = await StartAsync(database);
        await TakeOverAsync(next);
        awake.SetResult();
        await Record.ExceptionAsync(() => turn);
        await TakeOverAsync(next);

        Assert.Equal(
            isUncertain ? "uncertain" : "accepted",
            await next.ScalarAsync<string>("SELECT state FROM touch WHERE channel = @channel", new { channel })
        );
        Assert.Equal(await next.ScalarAsync<Guid>("SELECT id FROM touch"), Assert.Single(_taken));
    }

    private Task<TestHost> StartAsync(string database) =>
        TestHost.StartAsync(
            database,
            _folder.Path,
            services: services =>
                services
                    .AddSingleton<IEmailTransport>(new TakingTransport(_taken))
                    .AddSingleton<IChannel>(
                        new MemoryChannel
                        {
                            Answer = message =>
                            {
                                _taken.Enqueue(message.Touch.Value);
                                return new DeliveryResult.Accepted();
                            },
                        }
                    )
        );

    // No step plans for the second channel: what was planned for e-mail is moved to it.
    private static async Task PlanAsync(TestHost host, string channel)
    {
        await host.SetCadenceAsync("{}");
        var body = Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow());
        body["data"]!["lead"]!["phone"] = "+4915112345671";
        foreach (var consent in body["data"]!["lead"]!["consent"]!.AsArray())
        {
            consent!["channel"] = channel;
        }

        await (await Crm.ForAsync(host.Http, host.Database)).FireAsync(body);
        while (await host.TurnAsync<FactsWorker>() | await host.TurnAsync<AdvanceWorker>()) { }

        await host.ExecuteAsync("UPDATE touch SET channel = @channel", new { channel });
    }

    // What the kernel does for a process that was killed: its transactions are rolled back.
    private static async Task CutAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var cut = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
            connection
        );
        await cut.ExecuteNonQueryAsync();
    }

    private static async Task TakeOverAsync(TestHost host)
    {
        await host.ExecuteAsync(
            "UPDATE touch SET leased_until = clock_timestamp() - interval '1 second' WHERE leased_until IS NOT NULL"
        );
        await host.TurnAsync<RecoveryWorker>();
        await host.TurnAsync<DispatchTurn>();
    }

    private sealed class TakingTransport(ConcurrentQueue<Guid> taken) : IEmailTransport, IEmailSession
    {
        public int Sessions => 8;

        public TimeSpan WaitFor(string domain, bool hasPlace) => TimeSpan.Zero;

        public int MostWithin(TimeSpan time) => int.MaxValue;

        public Task<IEmailSession> OpenAsync(int messages, CancellationToken cancellationToken) =>
            Task.FromResult<IEmailSession>(this);

        public Task<IReadOnlyList<DeliveryResult>> DeliverAsync(
            IReadOnlyList<EmailEnvelope> envelopes,
            CancellationToken until
        )
        {
            foreach (var envelope in envelopes)
            {
                taken.Enqueue(envelope.Touch.Value);
            }

            return Task.FromResult<IReadOnlyList<DeliveryResult>>([
                .. envelopes.Select(_ => new DeliveryResult.Accepted()),
            ]);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
