using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Api;

public sealed class MetricsTests(PostgresServer server) : HostTests(server)
{
    [Fact]
    public async Task Metrics_tell_what_came_in_what_became_of_it_and_what_left_and_name_nobody()
    {
        await _crm.FireAsync(Crm.StageChange("ann", "MQL", _host.Clock.GetUtcNow()));
        await _crm.FireAsync(Crm.StageChange("bea", "Nowhere", _host.Clock.GetUtcNow()));
        await _host.DrainAsync();

        var metrics = await _host.Http.GetStringAsync("/metrics");

        Assert.Contains("nurture_events_received_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("source=\"dev\"", metrics, StringComparison.Ordinal);
        Assert.Contains("code=\"stage.unknown\"", metrics, StringComparison.Ordinal);
        Assert.Contains("outcome=\"accepted\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("example.com", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("Username", metrics, StringComparison.OrdinalIgnoreCase);
    }
}
