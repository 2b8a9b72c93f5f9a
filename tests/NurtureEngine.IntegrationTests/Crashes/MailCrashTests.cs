using System.Diagnostics;
using Dapper;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Tracks;
using NurtureEngine.IntegrationTests.Email;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Crashes;

/// <summary>Two hosts, a mail server, thousands of touches due at once, and kill -9 at each boundary of a touch's life.</summary>
public sealed class MailCrashTests(PostgresServer server, ITestOutputHelper output) : IDisposable
{
    private const int Leads = 12_000;
    private const int Hosts = 2;

    // Eight groups of 64 on each host.
    private const int MostInFlight = 1_024;
    private const int ManyInFlight = 1_000;
    private const int Tries = 4;

    private static readonly string[] Boundaries =
    [
        "dispatch.claimed",
        "gate.committing",
        "gate.committed",
        "dispatch.delivering",
        "dispatch.delivered",
        "dispatch.settling",
        "dispatch.settled",
    ];

    private readonly TrackFolder _folder = new("mail-crash");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_message_is_sent_twice_and_no_touch_is_lost()
    {
        var random = new Random(Seed.Of(output));
        await using var mail = new SmtpServer();
        var database = await server.CloneAsync();
        await using var pipeline = new Pipeline(database);
        await PlanAsync(database, pipeline);

        var inFlight = new List<long>();
        while (inFlight.Count < Tries && !inFlight.Exists(count => count >= ManyInFlight))
        {
            inFlight.Add(await KillWithAllInFlightAsync(database, pipeline, mail));
        }

        var everInFlight = inFlight.Sum();
        foreach (var boundary in Boundaries)
        {
            everInFlight += await KillAtAsync(
                database,
                pipeline,
                mail,
                boundary,
                boundary == "dispatch.claimed" ? 1 : random.Next(1, 6)
            );
        }

        await using (Start(database, mail, crashAt: null, passage: 1))
        {
            await pipeline.DrainedAsync();
        }

        var sent = mail
            .Mails.GroupBy(message => message.Id)
            .ToDictionary(group => group.Key.Split('.')[0], group => group.Count());
        var accepted = await IdsAsync(pipeline, "accepted");
        var uncertain = await IdsAsync(pipeline, "uncertain");
        output.WriteLine(
            $"{string.Join(", ", inFlight)} in flight at the first kills; {uncertain.Count} uncertain, {accepted.Count} accepted"
        );

        Assert.InRange(inFlight.Max(), ManyInFlight, MostInFlight);
        Assert.Equal(Leads, accepted.Count + uncertain.Count);
        Assert.All(sent.Values, count => Assert.Equal(1, count));
        Assert.All(accepted, id => Assert.True(sent.ContainsKey(id)));
        Assert.All(sent.Keys, id => Assert.True(accepted.Contains(id) || uncertain.Contains(id)));
        Assert.InRange(uncertain.Count, 1, everInFlight);
        Assert.Equal(Leads, await pipeline.ScalarAsync("SELECT count(*) FROM reservation"));
    }

    // The server takes messages and does not answer: everything that both hosts can have in hand is in hand, but for groups that were so
    // slow at the gate that their verdict was void and they are nobody's again, now or at the very moment of the kill.
    private async Task<long> KillWithAllInFlightAsync(string database, Pipeline pipeline, SmtpServer mail)
    {
        mail.Behaviour = new SmtpBehaviour { React = (step, _) => step == SmtpStep.End ? new Reaction.Hang() : null };
        await using var one = Start(database, mail, crashAt: null, passage: 1);
        await using var other = Start(database, mail, crashAt: null, passage: 1);
        var since = Stopwatch.StartNew();
        await Eventually.TrueAsync(
            async () => await InFlightAsync() >= (since.Elapsed < TimeSpan.FromSeconds(20) ? ManyInFlight : 1),
            "touches in flight"
        );
        await one.KillAsync();
        await other.KillAsync();
        mail.Drop();
        mail.Behaviour = new SmtpBehaviour();
        return await pipeline.BuryAsync();

        Task<long> InFlightAsync() => pipeline.ScalarAsync("SELECT count(*) FROM touch WHERE state = 'handing'");
    }

    private async Task<long> KillAtAsync(
        string database,
        Pipeline pipeline,
        SmtpServer mail,
        string boundary,
        int passage
    )
    {
        var hosts = Enumerable.Range(0, Hosts).Select(_ => Start(database, mail, boundary, passage)).ToList();
        await Task.WhenAny(hosts.Select(host => host.ExitAsync()));
        foreach (var host in hosts)
        {
            await host.KillAsync();
            await host.DisposeAsync();
        }

        return await pipeline.BuryAsync();
    }

    private HostProcess Start(string database, SmtpServer mail, string? crashAt, int passage) =>
        HostProcess.StartServing(
            database,
            crashAt,
            passage,
            _folder.Path,
            new Dictionary<string, string>
            {
                ["Nurture__Email__Mode"] = "smtp",
                ["Nurture__Email__Smtp__Host"] = "localhost",
                ["Nurture__Email__Smtp__Port"] = $"{mail.Port}",
                ["Nurture__Email__Smtp__Security"] = "None",
                ["Nurture__Email__Smtp__MaxConnections"] = "8",
                ["Nurture__PublicUrl"] = "https://go.example.com",
            }
        );

    // Facts and turns by a host that sends nothing, so that all touches are due when the others start.
    private async Task PlanAsync(string database, Pipeline pipeline)
    {
        await _folder.PublishAsync(
            [Step("hello", "Nurture.SendEmail", ("templateId", Literal("welcome-hello")))],
            "T>hello"
        );
        await using var planner = await TestHost.StartAsync(database, workflows: _folder.Path);
        var crm = await Crm.ForAsync(planner.Http, pipeline.Database);
        await crm.FireAsync(Crm.StageChange("lead-0", "MQL", TimeProvider.System.GetUtcNow()));
        await PlanAsync(planner);
        // The others are made like the first, by the database.
        await planner.ExecuteAsync(
            $"""
            INSERT INTO lead (fields, stamps, created_at, updated_at)
            SELECT jsonb_set(fields, '{"{email}"}', to_jsonb('lead-' || n || '@example.com')), stamps, created_at, updated_at
              FROM lead, generate_series(1, {Leads - 1}) AS n;
            INSERT INTO lead_address (lead_id, channel, address) SELECT id, 'email', fields->>'email' FROM lead ON CONFLICT DO NOTHING;
            INSERT INTO lead_identity (source, external_id, lead_id) SELECT 'dev', 'copy-' || id, id FROM lead WHERE id NOT IN (SELECT lead_id FROM lead_identity);
            INSERT INTO consent (lead_id, channel, purpose, granted, origin, at)
            SELECT l.id, c.channel, c.purpose, c.granted, c.origin, c.at FROM lead l, consent c WHERE l.id <> c.lead_id;
            INSERT INTO enrollment (lead_id, track_id, track_version_id, state, due_at, entered_at, tokens)
            SELECT l.id, e.track_id, e.track_version_id, e.state, e.due_at, e.entered_at, e.tokens FROM lead l, enrollment e WHERE l.id <> e.lead_id;
            INSERT INTO touch (lead_id, id, enrollment_id, step, visit, channel, content_version_id, state, priority, due_at, planned_at)
            SELECT e.lead_id, gen_random_uuid(), e.id, t.step, t.visit, t.channel, t.content_version_id, t.state, t.priority, t.due_at, t.planned_at
              FROM enrollment e, touch t WHERE e.lead_id <> t.lead_id;
            """
        );
        Assert.Equal(Leads, await planner.ScalarAsync<long>("SELECT count(*) FROM touch WHERE state = 'planned'"));
    }

    private static async Task PlanAsync(TestHost planner)
    {
        while (await planner.TurnAsync<FactsWorker>() | await planner.TurnAsync<AdvanceWorker>()) { }
    }

    private static async Task<HashSet<string>> IdsAsync(Pipeline pipeline, string state)
    {
        await using var connection = await pipeline.Database.OpenConnectionAsync();
        var ids = await connection.QueryAsync<Guid>("SELECT id FROM touch WHERE state = @state", new { state });
        return [.. ids.Select(id => id.ToString("N"))];
    }
}
