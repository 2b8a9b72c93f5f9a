using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Tracks;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Storage;

/// <summary>
/// What a program before schema version 11 stored, when it had an interpreter of its own: nothing of it renders differently without a word.
/// </summary>
public sealed class EarlierLanguageTests(PostgresServer server) : HostTests(server)
{
    private const string StoredByEarlierSql = """
        UPDATE content_version
           SET program = 10, hash = 'earlier',
               source = jsonb_set(
                   jsonb_set(source, '{Languages,en,Html}', to_jsonb(@html)),
                   '{Partials}', jsonb_build_object('p.html', @partial))
         WHERE key = 'welcome-hello'
        """;

    [Fact]
    public async Task A_touch_of_a_content_that_would_render_differently_waits_until_it_is_renewed()
    {
        await PlanAsync();
        await StoreAsync("{{ include 'p.html' 'Hello' }}", partial: "<p>{{ $0 }}</p>");
        await using var upgraded = await UpgradedAsync();
        await upgraded.DrainAsync();

        Assert.Empty(await InboxAsync());
        Assert.Equal("deferred content.unusable", await TouchAsync());
        var (exitCode, faults) = await VerbAsync("validate", "--stored");
        Assert.Equal(1, exitCode);
        Assert.Contains(
            "_partials/p.html:1:7: The arguments of a partial begin at $1 now",
            faults,
            StringComparison.Ordinal
        );

        // The next start of the same content, corrected.
        await using var corrected = await TestHost.StartAsync(ConnectionString, clock: _host.Clock);
        Assert.Single(corrected.Services.GetRequiredService<ContentCatalog>().Unusable);
        Assert.Equal("deferred content.unusable", await TouchAsync());
        var (renewed, _) = await VerbAsync("contents", "renew");
        await corrected.DrainAsync();

        Assert.Equal(0, renewed);
        Assert.Equal("accepted channel.accepted", await TouchAsync());
        Assert.Single(await InboxAsync());
        Assert.Equal(0, (await VerbAsync("validate", "--stored")).ExitCode);
    }

    [Fact]
    public async Task A_content_that_renders_as_before_leaves_as_before()
    {
        await PlanAsync();
        await StoreAsync("<p>{{ lead.first_name ?? 'there' }}</p>{{ include 'p.html' }}", partial: "{{ 'x' }}");
        await using var upgraded = await UpgradedAsync();
        await upgraded.DrainAsync();

        Assert.Single(await InboxAsync());
    }

    [Fact]
    public async Task A_track_whose_condition_would_hold_differently_is_not_run()
    {
        await _host.ExecuteAsync(
            """
            UPDATE track_version
               SET program = 10,
                   definition = jsonb_set(definition::jsonb, '{customProperties,nurture,audience}', '"account.size < 50"')::text
             WHERE is_current
            """
        );
        await using var upgraded = await UpgradedAsync();
        var (exitCode, faults) = await VerbAsync("validate", "--stored");

        Assert.Equal(1, exitCode);
        Assert.Contains(
            "track welcome, version 1: #/customProperties/nurture/audience",
            faults,
            StringComparison.Ordinal
        );
    }

    private async Task PlanAsync()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await _host.TurnAsync<FactsWorker>();
        await _host.TurnAsync<AdvanceWorker>();
    }

    private Task StoreAsync(string html, string partial) =>
        _host.ExecuteAsync(StoredByEarlierSql, new { html, partial });

    private Task<TestHost> UpgradedAsync() =>
        TestHost.StartAsync(ConnectionString, templates: "/nonexistent", clock: _host.Clock);

    private Task<string> TouchAsync() => _host.ScalarAsync<string>("SELECT state || ' ' || code FROM touch");

    private async Task<(int ExitCode, string Errors)> VerbAsync(params string[] verb)
    {
        await using var process = HostProcess.Start(
            new Dictionary<string, string> { ["ConnectionStrings__Nurture"] = ConnectionString },
            verb
        );
        return (await process.ExitAsync(), process.Errors);
    }
}
