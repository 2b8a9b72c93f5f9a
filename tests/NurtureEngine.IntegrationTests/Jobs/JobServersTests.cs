using System.Net;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Jobs;

/// <summary>A host as an operator runs it, with its servers of Hangfire: what they survive, and what their pages show.</summary>
public sealed class JobServersTests(PostgresServer server)
{
    [Fact]
    public async Task E_mail_goes_on_whichever_table_is_emptied_and_the_pages_tell_of_it()
    {
        var database = await server.CloneAsync();
        await using var pipeline = new Crashes.Pipeline(database);
        await using var host = await HostProcess.ServeAsync(database);
        await host.AllowAnyHourAsync();
        using var http = new HttpClient { BaseAddress = await host.ReadyAsync() };
        var crm = await Crm.ForAsync(http, pipeline.Database);
        var sent = 0;
        foreach (var table in JobsScene.Tables)
        {
            await using (var connection = await pipeline.Database.OpenConnectionAsync())
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"TRUNCATE hangfire.{table} CASCADE";
                await command.ExecuteNonQueryAsync();
            }

            await crm.FireAsync(Crm.StageChange($"lead-{table}", "MQL", TimeProvider.System.GetUtcNow()));
            sent++;
            await Eventually.TrueAsync(
                async () => await pipeline.ScalarAsync("SELECT count(*) FROM development_inbox") == sent,
                $"the e-mail that was due after {table} was emptied"
            );
        }

        await AssertDutiesAsync(pipeline);
        await AssertPagesAsync(http);
    }

    [Fact]
    public async Task E_mail_goes_on_after_the_database_has_cut_every_connection()
    {
        const string Cut =
            $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{HostProcess.ApplicationName}' AND datname = current_database()";
        var database = await server.CloneAsync();
        await using var pipeline = new Crashes.Pipeline(database);
        await using var host = await HostProcess.ServeAsync(database);
        await host.AllowAnyHourAsync();
        using var http = new HttpClient { BaseAddress = await host.ReadyAsync() };
        var crm = await Crm.ForAsync(http, pipeline.Database);
        var rounds = 4;
        for (var round = 0; round < rounds; round++)
        {
            await crm.FireAsync(Crm.StageChange($"lead-{round}", "MQL", TimeProvider.System.GetUtcNow()));
            Assert.NotEqual(0, await pipeline.ScalarAsync(Cut));
            await Eventually.TrueAsync(
                async () =>
                    await pipeline.ScalarAsync("SELECT count(*) FROM touch WHERE state IN ('accepted', 'uncertain')")
                    == round + 1,
                $"the e-mail of round {round}"
            );
        }

        await pipeline.AssertOnceEachAsync(rounds, mostUncertain: rounds);
    }

    private static async Task AssertPagesAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ops/jobs/recurring");
        request.Headers.AcceptLanguage.ParseAdd("zh-CN");
        using var page = await http.SendAsync(request);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains(
            "清理过期数据",
            WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync()),
            StringComparison.Ordinal
        );

        using var forwarded = new HttpRequestMessage(HttpMethod.Get, "/ops/jobs");
        forwarded.Headers.Add("X-Forwarded-For", "192.0.2.1");
        using var refused = await http.SendAsync(forwarded);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("title", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var form = new FormUrlEncodedContent([new("jobs[]", "moments")]);
        using var post = await http.PostAsync("/ops/jobs/recurring/trigger", form);
        Assert.Equal(HttpStatusCode.Forbidden, post.StatusCode);
    }

    private static Task AssertDutiesAsync(Crashes.Pipeline pipeline) =>
        Eventually.TrueAsync(
            async () => await pipeline.ScalarAsync(JobsScene.CountOfDuties) == JobsScene.Duties,
            "the duties, registered again"
        );
}
