using System.Net;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Touches;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>What becomes of touches where the way to a mail server fails, or answers as it likes.</summary>
public sealed class DispatchTests(PostgresServer server) : IDisposable
{
    private readonly TestClock _machine = new(TimeProvider.System.GetUtcNow());
    private readonly Script _script = new();
    private readonly TrackFolder _folder = new("dispatch");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task While_no_session_opens_touches_wait_whatever_the_reason()
    {
        await using var host = await StartAsync();
        _script.Opening = () => throw new UnauthorizedAccessException("token.txt");
        await EnterAsync(host, "ann");
        var during = await host.ScalarAsync<string>("SELECT state || ' ' || code FROM touch");
        _script.Opening = () => { };
        _machine.Advance(TimeSpan.FromSeconds(20));
        await AgainAsync(host);

        Assert.Equal("deferred channel.unreachable", during);
        Assert.Equal("accepted", await host.ScalarAsync<string>("SELECT state FROM touch"));
    }

    [Fact]
    public async Task A_server_that_ends_every_connection_is_left_alone_for_a_while()
    {
        await using var host = await StartAsync();
        _script.Answer = _ => new DeliveryResult.Untried(DeliveryResult.Untried.Lost);
        await EnterAsync(host, "ann");
        for (var i = 0; i < 5; i++)
        {
            await AgainAsync(host);
        }

        Assert.Equal(1, _script.Sessions);
        Assert.Equal(
            "planned channel.lost 0",
            await host.ScalarAsync<string>("SELECT state || ' ' || code || ' ' || attempts FROM touch")
        );
    }

    [Fact]
    public async Task A_slow_server_gets_as_many_at_a_time_as_it_takes_while_their_verdicts_are_good()
    {
        await using var host = await StartAsync();
        // Three messages a second and connection.
        _script.Ordinal = place => place < 3 ? null : new DeliveryResult.Untried(DeliveryResult.Untried.Stale);
        await EnterAsync(host, [.. Enumerable.Range(0, 40).Select(i => $"lead-{i}")]);
        for (var i = 0; i < 40; i++)
        {
            await AgainAsync(host);
        }

        Assert.Equal(40, await host.ScalarAsync<long>("SELECT count(*) FROM touch WHERE state = 'accepted'"));
        Assert.InRange(_script.Sessions, 14, 30);
    }

    [Fact]
    public async Task A_retry_at_the_same_moment_of_business_time_leaves_as_any_other()
    {
        await using var host = await StartAsync();
        _script.Answer = _ => new DeliveryResult.Deferred("451 later", TimeSpan.Zero);
        await EnterAsync(host, "ann");
        _script.Answer = _ => new DeliveryResult.Accepted();
        await AgainAsync(host);

        Assert.Equal("accepted 2", await host.ScalarAsync<string>("SELECT state || ' ' || attempts FROM touch"));
        Assert.Equal(1, await host.ScalarAsync<long>("SELECT count(*) FROM reservation"));
    }

    [Fact]
    public async Task A_refused_mailbox_is_suppressed_at_the_address_it_was_sent_to_and_its_message_never_left()
    {
        await using var host = await StartAsync();
        _script.Answer = _ => new DeliveryResult.Rejected("550 5.1.1 no") { Class = BounceClass.Hard };
        await EnterAsync(host, "ann");
        var touch = await host.ScalarAsync<Guid>("SELECT id FROM touch");

        Assert.Equal(
            "ann@example.com bounced",
            await host.ScalarAsync<string>("SELECT address || ' ' || reason FROM suppression")
        );
        Assert.Equal(0, await host.ScalarAsync<long>("SELECT count(*) FROM reservation"));
        Assert.Equal(HttpStatusCode.NotFound, (await host.Http.GetAsync($"/api/touches/{touch}/message")).StatusCode);
    }

    [Fact]
    public async Task An_answer_that_can_not_be_written_costs_the_others_nothing()
    {
        await using var host = await StartAsync();
        _script.Answer = envelope =>
            envelope.Recipient.StartsWith("bob", StringComparison.Ordinal)
                ? new DeliveryResult.Rejected("550 \0")
                : new DeliveryResult.Accepted();
        await EnterAsync(host, "ann", "bob", "cid");

        Assert.Equal(
            "ann@example.com accepted, bob@example.com handing, cid@example.com accepted",
            await host.ScalarAsync<string>(
                "SELECT string_agg(address || ' ' || state, ', ' ORDER BY address) FROM touch JOIN lead_address USING (lead_id)"
            )
        );
    }

    [Fact]
    public async Task An_address_that_can_not_be_written_to_stops_its_own_touch_only()
    {
        await using var host = await StartAsync();
        await EnterAsync(
            host,
            before: () =>
                host.ExecuteAsync(
                    "UPDATE lead SET fields = jsonb_set(fields, '{email}', '\"a>b@example.com\"') WHERE id IN (SELECT lead_id FROM lead_address WHERE address LIKE 'bob%')"
                ),
            "ann",
            "bob",
            "cid"
        );

        Assert.Equal(
            "accepted, address.unusable, accepted",
            await host.ScalarAsync<string>(
                "SELECT string_agg(CASE state WHEN 'accepted' THEN state ELSE code END, ', ' ORDER BY address) FROM touch JOIN lead_address USING (lead_id)"
            )
        );
    }

    private async Task<TestHost> StartAsync()
    {
        await _folder.PublishAsync(
            [Step("hello", "Nurture.SendEmail", ("templateId", Literal("welcome-hello")))],
            "T>hello"
        );
        return await TestHost.StartAsync(
            await server.CloneAsync(),
            _folder.Path,
            machineClock: _machine,
            services: services => services.AddSingleton<IEmailTransport>(_script)
        );
    }

    private static Task EnterAsync(TestHost host, params string[] leads) =>
        EnterAsync(host, () => Task.CompletedTask, leads);

    private static async Task EnterAsync(TestHost host, Func<Task> before, params string[] leads)
    {
        var crm = await Crm.ForAsync(host.Http, host.Database);
        foreach (var lead in leads)
        {
            // Of one account, so that they go through the gate together.
            var body = Crm.StageChange(lead, "MQL", host.Clock.GetUtcNow(), tier: "T3");
            body["data"]!["lead"]!["company"]!["externalId"] = "acme";
            await crm.FireAsync(body);
        }

        while (await host.TurnAsync<Host.Facts.FactsWorker>() | await host.TurnAsync<Host.Tracks.AdvanceWorker>()) { }
        await before();
        await host.TurnAsync<DispatchTurn>();
        while (await host.TurnAsync<Host.Facts.FactsWorker>()) { }
    }

    // What was told to come again later does so now.
    private static async Task AgainAsync(TestHost host)
    {
        await host.ExecuteAsync("UPDATE touch SET retry_at = clock_timestamp() WHERE state = 'deferred'");
        await host.TurnAsync<RecoveryWorker>();
        await host.TurnAsync<DispatchTurn>();
    }

    private sealed class Script : IEmailTransport, IEmailSession
    {
        private int _sessions;

        public Action Opening { get; set; } = () => { };

        public Func<EmailEnvelope, DeliveryResult> Answer { get; set; } = _ => new DeliveryResult.Accepted();

        /// <summary>The answer by the place in a group; null asks the other.</summary>
        public Func<int, DeliveryResult?> Ordinal { get; set; } = _ => null;

        public int Sessions => _sessions;

        int IEmailTransport.Sessions => 8;

        public TimeSpan WaitFor(string domain, bool hasPlace) => TimeSpan.Zero;

        public int MostWithin(TimeSpan time) => int.MaxValue;

        public Task<IEmailSession> OpenAsync(int messages, CancellationToken cancellationToken)
        {
            Opening();
            Interlocked.Increment(ref _sessions);
            return Task.FromResult<IEmailSession>(this);
        }

        public Task<IReadOnlyList<DeliveryResult>> DeliverAsync(
            IReadOnlyList<EmailEnvelope> envelopes,
            CancellationToken until
        ) =>
            Task.FromResult<IReadOnlyList<DeliveryResult>>([
                .. envelopes.Select((envelope, place) => Ordinal(place) ?? Answer(envelope)),
            ]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
