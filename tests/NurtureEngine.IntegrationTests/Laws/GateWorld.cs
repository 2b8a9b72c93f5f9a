using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Gates;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Touches;
using NurtureEngine.Host.Tracks;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.Settings;
using NurtureEngine.Postgres.Touches;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.IntegrationTests.Laws;

/// <summary>
/// Two hosts on one database, each with two channels, leads of three accounts in tracks of two lanes, and all that may happen to them.
/// </summary>
internal sealed class GateWorld : IAsyncDisposable
{
    public static readonly IReadOnlyList<string> Cadences =
    [
        "{}",
        """{"caps": [{"of": "lead", "most": 1, "per": "day"}, {"of": "account", "most": 3, "per": "day"}]}""",
        """{"quietHours": {"from": "18:00", "until": "09:00"}}""",
        """{"minGap": "9h"}""",
        """{"workingDays": ["Mon", "Tue", "Wed", "Thu", "Fri"], "caps": [{"of": "lead", "most": 2, "within": "3d"}]}""",
        """{"oneVoicePerAccount": true}""",
        """{"caps": [{"of": "account", "most": 2, "within": "1d"}]}""",
    ];

    private static readonly string[] Channels = ["email", "sms"];

    private readonly TestClock _clock = new(DateTimeOffset.Parse("2026-03-20T08:00Z", null));
    private readonly TrackFolder _folder = new("law");
    private readonly GateModel _model = new();
    private readonly Random _random;
    private readonly IReadOnlyList<string> _cadences;
    private readonly AsyncLocal<bool> _isOurs = new();
    private Judge _judge = null!;
    private TestHost[] _hosts = [];
    private IDisposable _listening = null!;
    private int _events;

    private GateWorld(Random random, IReadOnlyList<string> cadences) => (_random, _cadences) = (random, cadences);

    public IReadOnlyList<string> Breaches => _model.Breaches;

    public int Left => _model.Left;

    /// <summary>Opens a world without any cadence, which takes on one of <paramref name="cadences"/> (all of them) from time to time.</summary>
    public static async Task<GateWorld> OpenAsync(
        string connectionString,
        Gate gate,
        Random random,
        IEnumerable<string>? cadences = null
    )
    {
        var world = new GateWorld(random, [.. cadences ?? Cadences]);
        await GateTracks.PublishAsync(world._folder);
        world._judge = new Judge(world._model, Npgsql.NpgsqlDataSource.Create(connectionString), world._clock, random);
        world._hosts = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => world.StartAsync(connectionString, gate)));
        await world.MeetAsync(world._hosts[0]);
        world._listening = WaypointHook.At("dispatch.claimed", world.BetweenClaimAndGate);
        return world;
    }

    /// <summary>A few things happen, and the hosts do what is to be done, four dispatching at a time.</summary>
    public async Task RunSequenceAsync()
    {
        _clock.Advance(TimeSpan.FromMinutes(_random.Next(0, 30 * 60)));
        foreach (var stopped in Channels.Where(_model.Stopped.Contains).Where(_ => _random.Next(2) == 0))
        {
            await StopAsync(stopped);
        }

        for (var i = _random.Next(1, 6); i > 0; i--)
        {
            await HappenAsync();
        }

        // What was told to come again later does so now: machine time is not what this is about.
        await _hosts[0]
            .ExecuteAsync(
                "UPDATE touch SET retry_at = clock_timestamp() WHERE state = 'deferred' AND retry_at < 'infinity'"
            );
        for (var pass = 0; pass < 2; pass++)
        {
            await AdvanceAsync();
            _isOurs.Value = true;
            await Task.WhenAll(
                _hosts
                    .SelectMany(host => new[] { host, host })
                    .Select(host => Task.Run(() => host.TurnAsync<DispatchTurn>()))
            );
            _isOurs.Value = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listening.Dispose();
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        _folder.Dispose();
    }

    private Task<TestHost> StartAsync(string connectionString, Gate gate) =>
        TestHost.StartAsync(
            connectionString,
            _folder.Path,
            clock: _clock,
            services: services =>
                services
                    .AddSingleton<IEmailTransport>(new JudgingTransport(_judge))
                    .AddSingleton<IChannel>(new JudgingChannel(_judge))
                    .AddSingleton(gate)
        );

    private T Service<T>()
        where T : notnull => _hosts[0].Services.GetRequiredService<T>();

    // The gate has to see what happens after a touch was claimed, whoever claimed it.
    private void BetweenClaimAndGate()
    {
        if (_isOurs.Value && _random.Next(4) == 0)
        {
            _judge.WhileNothingLeavesAsync(HappenAsync).GetAwaiter().GetResult();
        }
    }

    private async Task HappenAsync()
    {
        var lead = _model.Leads[_random.Next(_model.Leads.Count)];
        var channel = Channels[_random.Next(Channels.Length)];
        switch (_random.Next(20))
        {
            case 0:
                await ConsentAsync(lead, channel, granted: false);
                break;
            case 1 or 2:
                await ConsentAsync(
                    _model.Leads.Find(one => one.Refused.Contains(channel)) ?? lead,
                    channel,
                    granted: true
                );
                break;
            case 3:
                await SuppressAsync(
                    _model.Leads.Find(one => one.SuppressedOn.Contains(channel) && _random.Next(4) != 0) ?? lead,
                    channel
                );
                break;
            case 4:
                await PauseAsync(_model.Leads.Find(one => one.IsPaused && _random.Next(4) != 0) ?? lead);
                break;
            case 5:
                await StopAsync(channel);
                break;
            case 6:
                await ChangeCadenceAsync();
                break;
            case 7 or 8:
                await DecideAsync();
                break;
            default:
                await EnterAsync(lead);
                break;
        }
    }

    private async Task EnterAsync(ModelLead lead)
    {
        await FireAsync(
            Event(lead, "lead.stage_changed", ("to", "RL")),
            Event(lead, "lead.stage_changed", ("to", _random.Next(2) == 0 ? "MQL" : "SQL"))
        );
    }

    private async Task ConsentAsync(ModelLead lead, string channel, bool granted)
    {
        await FireAsync(Event(lead, "lead.updated", (channel, granted)));
        _ = granted ? lead.Refused.Remove(channel) : lead.Refused.Add(channel);
    }

    private async Task SuppressAsync(ModelLead lead, string channel)
    {
        var address = lead.AddressOn(channel);
        var isSuppressed = lead.SuppressedOn.Contains(channel);
        await _hosts[0]
            .ExecuteAsync(
                isSuppressed
                    ? "DELETE FROM suppression WHERE channel = @channel AND address = @address"
                    : "INSERT INTO suppression (channel, address, reason, at) VALUES (@channel, @address, 'bounced', now())",
                new { channel, address }
            );
        foreach (var one in _model.Leads.Where(one => one.AddressOn(channel) == address))
        {
            _ = isSuppressed ? one.SuppressedOn.Remove(channel) : one.SuppressedOn.Add(channel);
        }
    }

    private async Task PauseAsync(ModelLead lead)
    {
        var (store, now) = (Service<PauseStore>(), _clock.GetUtcNow());
        var track = await _hosts[0].ScalarAsync<int>("SELECT id FROM track WHERE definition_id = 'free'");
        var isPaused = _model.PausedTracks.Contains(track);
        if (!isPaused && _random.Next(4) != 0)
        {
            lead.IsPaused = lead.IsPaused
                ? !await store.ResumeLeadAsync(lead.Id, now, CancellationToken.None)
                : await store.PauseLeadAsync(lead.Id, now, CancellationToken.None);
            return;
        }

        await (
            isPaused
                ? store.ResumeTrackAsync("free", now, CancellationToken.None)
                : store.PauseTrackAsync("free", now, CancellationToken.None)
        );
        _ = isPaused ? _model.PausedTracks.Remove(track) : _model.PausedTracks.Add(track);
    }

    private async Task StopAsync(string channel)
    {
        var (stop, now) = (Service<SendingStop>(), _clock.GetUtcNow());
        if (_model.Stopped.Remove(channel))
        {
            await stop.ReleaseAsync(channel, "law", "law", now, CancellationToken.None);
            return;
        }

        await stop.StopAsync(channel, "law", "law", "law", now, CancellationToken.None);
        _model.Stopped.Add(channel);
    }

    private async Task ChangeCadenceAsync()
    {
        var store = Service<RulebookStore>();
        var (version, json) = (await store.FindCurrentAsync(CancellationToken.None))!.Value;
        var rulebook = JsonNode.Parse(json)!.AsObject();
        rulebook["cadence"] = JsonNode.Parse(_cadences[_random.Next(_cadences.Count)]);
        var content = rulebook.ToJsonString();
        await store.ReplaceAsync(content, version, "law", _clock.GetUtcNow(), CancellationToken.None);
        foreach (var host in _hosts)
        {
            await host.RefreshTracksAsync();
        }

        var read = RulebookReader.TryRead(Encoding.UTF8.GetBytes(content), version + 1, out _)!;
        (_model.Cadence, _model.Calendars) = (read.Cadence, read.Calendars);
    }

    // Half of those who wait get an answer, mostly yes.
    private async Task DecideAsync()
    {
        await using var connection = await _hosts[0].Database.OpenConnectionAsync();
        var approvals = Service<TouchApprovals>();
        foreach (
            var touch in await connection.QueryAsync<Guid>(
                "SELECT id FROM touch WHERE state = 'awaiting_approval' ORDER BY id"
            )
        )
        {
            var decision = new ApprovalDecision(touch, "law", null);
            if (_random.Next(4) == 0)
            {
                await approvals.ReturnAsync(decision, _clock.GetUtcNow(), CancellationToken.None);
            }
            else if (_random.Next(2) == 0)
            {
                _model.Approved.Add(touch);
                await approvals.ApproveAsync(decision, _clock.GetUtcNow(), CancellationToken.None);
            }
        }
    }

    // Stored as webhooks store them, and applied at once.
    private async Task FireAsync(params IncomingEvent[] events)
    {
        await Service<InboxStore>().AppendAllAsync(events, _clock.GetUtcNow(), CancellationToken.None);
        while (await _hosts[0].TurnAsync<FactsWorker>()) { }
    }

    private IncomingEvent Event(ModelLead lead, string type, (string Name, JsonNode Value) what)
    {
        var body = Crm.StageChange(lead.Key, "RL", _clock.GetUtcNow().AddTicks(_events));
        body["type"] = type;
        var data = body["data"]!.AsObject();
        data["lead"]!["consent"] = null;
        if (what.Name == "to")
        {
            data["to"] = what.Value;
            data["lead"]!.AsObject().Remove("consent");
        }
        else
        {
            data.Remove("to");
            data["lead"]!["consent"] = new JsonArray(Consent(what.Name, what.Value));
        }

        // However it is written, it is the same mailbox.
        data["lead"]!["email"] = Spelling.Of(lead.Address, _random);
        return new IncomingEvent(
            "dev",
            $"law-{_events++}",
            Lanes.Of(new ExternalKey("dev", lead.Key)),
            type,
            Encoding.UTF8.GetBytes(body.ToJsonString())
        );
    }

    // No step plans for the second channel: every other touch goes by it.
    private async Task AdvanceAsync()
    {
        await _hosts[0].TurnAsync<RecoveryWorker>();
        while (await _hosts[0].TurnAsync<AdvanceWorker>()) { }

        await _hosts[0]
            .ExecuteAsync(
                "UPDATE touch SET channel = 'sms' WHERE state = 'planned' AND channel = 'email' AND get_byte(uuid_send(id), 9) % 2 = 0"
            );
    }

    private JsonObject Consent(string channel, JsonNode granted) =>
        new()
        {
            ["channel"] = channel,
            ["purpose"] = "marketing",
            ["granted"] = granted.DeepClone(),
            ["at"] = _clock.GetUtcNow().AddTicks(_events),
        };

    // Eight leads to an account, of three tiers and four zones; two of each account share an address, two a telephone.
    private async Task MeetAsync(TestHost host)
    {
        string[] zones = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC"];
        var crm = await Crm.ForAsync(host.Http, host.Database);
        for (var i = 0; i < 24; i++)
        {
            var (account, tier) = ($"account-{i % 3}", new[] { "T1", "T2", "T3" }[i % 3]);
            var address = $"lead-{(i / 3 == 7 ? i - 3 : i)}@example.com";
            var body = Crm.StageChange($"lead-{i}", "RL", _clock.GetUtcNow(), tier);
            var phone = $"49151{10_000_000 + (i / 3 == 6 ? i - 3 : i)}";
            body["data"]!["lead"]!["email"] = address;
            body["data"]!["lead"]!["phone"] = $"+{phone}";
            body["data"]!["lead"]!["consent"]!.AsArray().Add(Consent("sms", granted: true));
            body["data"]!["lead"]!["timeZone"] = zones[i % 4];
            body["data"]!["lead"]!["company"]!["externalId"] = account;
            await crm.FireAsync(body);
            await host.TurnAsync<FactsWorker>();
            var id = await host.ScalarAsync<long>(
                "SELECT lead_id FROM lead_identity WHERE external_id = @key",
                new { key = $"lead-{i}" }
            );
            _model.Leads.Add(new ModelLead(id, $"lead-{i}", address, phone, account, tier, zones[i % 4]));
        }
    }
}
