using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using NurtureEngine.Host.WeChat;
using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Way;

/// <summary>The access tokens of official accounts, against a server that gives them out as WeChat does.</summary>
public sealed class AccessTokenTests(PostgresServer server) : IAsyncLifetime
{
    private readonly List<TestHost> _hosts = [];
    private readonly LogKeeper _log = new();
    private readonly TrackFolder _folder = new("tokens");
    private WeChatServer _weChat = null!;
    private string _database = "";

    public async ValueTask InitializeAsync()
    {
        _weChat = await WeChatServer.StartAsync();
        _database = await server.CloneAsync();
        foreach (var trigger in new[] { "LeadCreated", "WeChatFollowed" })
        {
            await _folder.PublishAsync(
                [Step("g", "Nurture.Goal")],
                "T>g",
                Step("T", $"Nurture.{trigger}"),
                $"track-{trigger}"
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await _weChat.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Four_hosts_that_want_a_token_at_once_fetch_one()
    {
        _weChat.Latency = TimeSpan.FromMilliseconds(100);
        var hosts = await HostsAsync(4);
        var found = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => Tokens(hosts[i % 4]).FindAsync("main", 0, CancellationToken.None))
        );

        Assert.All(found, token => Assert.Equal(new AccessToken("TOKEN-1", 1), token));
        var order = Assert.Single(_weChat.Asked);
        Assert.False((bool)order["force_refresh"]!);
        Assert.Equal("client_credential", (string?)order["grant_type"]);
    }

    [Fact]
    public async Task A_token_that_was_refused_is_replaced_once_however_many_had_it()
    {
        var hosts = await HostsAsync(4);
        foreach (var host in hosts)
        {
            Assert.Equal(1, (await Tokens(host).FindAsync("main", 0, CancellationToken.None))!.Generation);
        }

        _weChat.Revoke();
        var found = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => Tokens(hosts[i % 4]).FindAsync("main", 1, CancellationToken.None))
        );

        Assert.All(found, token => Assert.Equal(new AccessToken("TOKEN-2", 2), token));
        Assert.Equal(2, _weChat.Asked.Count);
        // Whoever still has the old one gets the new one without asking.
        Assert.Equal(2, (await Tokens(hosts[0]).FindAsync("main", 0, CancellationToken.None))!.Generation);
        Assert.Equal(2, _weChat.Asked.Count);
    }

    [Fact]
    public async Task A_token_is_renewed_in_its_last_five_minutes_and_not_before()
    {
        _weChat.Lifetime = 300;
        var host = (await HostsAsync(1))[0];
        var first = (await Tokens(host).FindAsync("main", 0, CancellationToken.None))!;
        // Longer than the five minutes.
        await host.ExecuteAsync("UPDATE access_token SET expires_at = clock_timestamp() + interval '400 seconds'");
        await Tokens((await HostsAsync(1))[0]).FindAsync("main", 0, CancellationToken.None);
        Assert.Single(_weChat.Asked);
        await host.ExecuteAsync("UPDATE access_token SET expires_at = clock_timestamp() + interval '200 seconds'");
        var other = (await HostsAsync(1))[0];
        var second = (await Tokens(other).FindAsync("main", 0, CancellationToken.None))!;

        Assert.Equal((1, 2), (first.Generation, second.Generation));
        Assert.NotEqual(first.Value, second.Value);
    }

    [Theory]
    [InlineData(40164, "invalid ip 192.0.2.7, not in whitelist")]
    [InlineData(40125, "invalid appsecret")]
    [InlineData(45009, "reach max api daily quota limit")]
    public async Task A_fault_shows_with_its_words_is_logged_once_and_leaves_the_platform_alone(
        int code,
        string message
    )
    {
        var host = (await HostsAsync(1))[0];
        for (var i = 0; i < 9; i++)
        {
            _weChat.Answers.Enqueue(WeChatServer.Code(code, $"{message} rid: {i}"));
        }

        var turn = ActivatorUtilities.CreateInstance<WeChatTurn>(host.Services);
        await turn.RunTurnAsync(CancellationToken.None);
        await turn.RunTurnAsync(CancellationToken.None);
        Assert.Null(await Tokens(host).FindAsync("main", 0, CancellationToken.None));
        Assert.Single(_weChat.Asked);

        // A minute later.
        await host.ExecuteAsync("UPDATE access_token SET tried_at = tried_at - interval '2 minutes'");
        await turn.RunTurnAsync(CancellationToken.None);
        Assert.Equal(2, _weChat.Asked.Count);
        Assert.Contains($"main: {code} {message}", await FaultAsync(host), StringComparison.Ordinal);
        Assert.Single(_log.Lines, line => line.StartsWith("WeChat gives no token", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, IsLeak);

        _weChat.Answers.Clear();
        await host.ExecuteAsync("UPDATE access_token SET tried_at = tried_at - interval '2 minutes'");
        await turn.RunTurnAsync(CancellationToken.None);
        Assert.Null(await FaultAsync(host));
        Assert.NotNull(await Tokens(host).FindAsync("main", 0, CancellationToken.None));
    }

    [Fact]
    public async Task A_token_that_still_holds_is_used_while_a_newer_one_can_not_be_had()
    {
        var host = (await HostsAsync(1))[0];
        await Tokens(host).FindAsync("main", 0, CancellationToken.None);
        await host.ExecuteAsync("UPDATE access_token SET expires_at = clock_timestamp() + interval '200 seconds'");
        _weChat.Answers.Enqueue(WeChatServer.Code(-1, "system busy"));

        var other = (await HostsAsync(1))[0];
        Assert.Equal("TOKEN-1", (await Tokens(other).FindAsync("main", 0, CancellationToken.None))!.Value);
        Assert.Contains("-1 system busy", await FaultAsync(other), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_comes_back_no_secret_gets_into_logs_and_the_fault_is_told()
    {
        var host = (await HostsAsync(1))[0];
        Func<HttpContext, Task>[] answers =
        [
            http =>
            {
                http.Response.StatusCode = 502;
                return http.Response.WriteAsync($"<html>{WeChatServer.Secret}</html>");
            },
            http => http.Response.WriteAsync("<html>gateway</html>"),
            http => http.Response.WriteAsync("{\"expires_in\":7200}"),
            http =>
            {
                http.Abort();
                return Task.CompletedTask;
            },
        ];
        foreach (var answer in answers)
        {
            _weChat.Answers.Enqueue(answer);
            Assert.Null(await Tokens(host).FindAsync("main", 0, CancellationToken.None));
            Assert.NotNull(await FaultAsync(host));
            await host.ExecuteAsync("UPDATE access_token SET tried_at = tried_at - interval '2 minutes'");
        }

        Assert.Equal(answers.Length, _weChat.Asked.Count);
        Assert.NotEmpty(_log.Lines);
        Assert.DoesNotContain(_log.Lines, IsLeak);
        Assert.DoesNotContain(WeChatServer.Secret, await FaultAsync(host) ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_encrypted_in_the_database_and_fetched_again_where_it_can_not_be_read()
    {
        var host = (await HostsAsync(1, wrapping: "a secret of the operator"))[0];
        await Tokens(host).FindAsync("main", 0, CancellationToken.None);
        Assert.True(
            await host.ScalarAsync<bool>(
                "SELECT is_wrapped AND position('TOKEN'::bytea IN secret) = 0 FROM access_token"
            )
        );

        // As one that was encrypted by another secret.
        await host.ExecuteAsync("UPDATE access_token SET secret = set_byte(secret, 20, 255 - get_byte(secret, 20))");
        var other = (await HostsAsync(1, wrapping: "a secret of the operator"))[0];
        Assert.Equal("TOKEN-1", (await Tokens(other).FindAsync("main", 0, CancellationToken.None))!.Value);
        Assert.Equal(2, _weChat.Asked.Count);
    }

    [Fact]
    public async Task Those_who_followed_before_become_leads_once_and_start_nothing()
    {
        _weChat.Followers = [.. Enumerable.Range(0, 25).Select(i => $"o{i:00}")];
        _weChat.PageSize = 10;
        var hosts = await HostsAsync(2);
        var turns = hosts.ConvertAll(host => ActivatorUtilities.CreateInstance<WeChatTurn>(host.Services));
        Assert.True(await turns[0].RunTurnAsync(CancellationToken.None));
        Assert.Equal("main: 10 of 25 followers read", await FaultAsync(hosts[1]));

        // Another host goes on, with a token that was taken away in between.
        _weChat.Revoke();
        while (await turns[1].RunTurnAsync(CancellationToken.None)) { }

        await hosts[0].DrainAsync();
        Assert.Equal(
            25,
            await hosts[0].ScalarAsync<long>("SELECT count(*) FROM lead_identity WHERE external_id LIKE 'o%'")
        );
        Assert.Equal(0, await hosts[0].ScalarAsync<long>("SELECT count(*) FROM enrollment"));
        Assert.Equal(["", "o09", "o09", "o19", "o24"], _weChat.Pages);
        Assert.Equal(2, _weChat.Asked.Count);

        // Later turns ask for nothing.
        Assert.False(await turns[0].RunTurnAsync(CancellationToken.None));
        Assert.Equal(5, _weChat.Pages.Count);
        Assert.Null(await FaultAsync(hosts[0]));
    }

    [Fact]
    public async Task A_token_that_is_refused_twice_is_told_and_not_fetched_again_and_again()
    {
        var host = (await HostsAsync(1))[0];
        _weChat.FollowersFault = WeChatServer.Code(40001, "invalid credential rid: 9");
        _weChat.Lifetime = 300;
        var turn = ActivatorUtilities.CreateInstance<WeChatTurn>(host.Services);
        await turn.RunTurnAsync(CancellationToken.None);
        Assert.Equal(2, _weChat.Asked.Count);
        Assert.Contains("40001 invalid credential", await FaultAsync(host), StringComparison.Ordinal);

        await host.ExecuteAsync("UPDATE follower_import SET retry_at = retry_at - interval '2 minutes'");
        await turn.RunTurnAsync(CancellationToken.None);
        Assert.Equal(2, _weChat.Asked.Count);
    }

    [Fact]
    public async Task An_account_that_may_not_read_its_followers_says_so_and_goes_on_where_it_stopped()
    {
        _weChat.Followers = ["o1", "o2"];
        _weChat.FollowersFault = WeChatServer.Code(48001, "api unauthorized rid: 3");
        var host = (await HostsAsync(1))[0];
        var turn = ActivatorUtilities.CreateInstance<WeChatTurn>(host.Services);
        await turn.RunTurnAsync(CancellationToken.None);
        await turn.RunTurnAsync(CancellationToken.None);

        Assert.Single(_weChat.Pages);
        Assert.Contains("can't be read: 48001 api unauthorized", await FaultAsync(host), StringComparison.Ordinal);
        _weChat.FollowersFault = null;
        await host.ExecuteAsync("UPDATE follower_import SET retry_at = retry_at - interval '2 hours'");
        while (await turn.RunTurnAsync(CancellationToken.None)) { }

        await host.DrainAsync();
        Assert.Equal(2, await host.ScalarAsync<long>("SELECT count(*) FROM lead"));
        Assert.DoesNotContain(_log.Lines, IsLeak);
    }

    private async Task<List<TestHost>> HostsAsync(int count, string? wrapping = null)
    {
        var hosts = new List<TestHost>();
        for (var i = 0; i < count; i++)
        {
            hosts.Add(
                await TestHost.StartAsync(
                    _database,
                    workflows: _folder.Path,
                    settings: new Dictionary<string, string?>
                    {
                        ["Nurture:WeChat:ApiUrl"] = _weChat.Url,
                        ["Nurture:WeChat:Accounts:main:AppId"] = WeChatServer.AppId,
                        ["Nurture:WeChat:Accounts:main:AppSecret"] = WeChatServer.Secret,
                        ["Nurture:WeChat:Accounts:main:Token"] = "NurtureToken2024",
                        ["Nurture:WeChat:Accounts:main:Mode"] = "plain",
                        ["Nurture:Keys:Wrapping"] = wrapping,
                    },
                    services: services =>
                        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log))
                )
            );
        }

        _hosts.AddRange(hosts);
        return hosts;
    }

    private static AccessTokens Tokens(TestHost host) => host.Services.GetRequiredService<AccessTokens>();

    private static async Task<string?> FaultAsync(TestHost host)
    {
        var health = host.Services.GetRequiredService<HealthCheckService>();
        var report = await health.CheckHealthAsync(check => check.Name == "wechat");
        return report.Entries["wechat"].Description;
    }

    private static bool IsLeak(string line) =>
        line.Contains(WeChatServer.Secret, StringComparison.Ordinal)
        || line.Contains("TOKEN-", StringComparison.Ordinal);
}
