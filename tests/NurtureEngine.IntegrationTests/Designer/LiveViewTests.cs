using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NurtureEngine.Core.People;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.IntegrationTests.Pages;
using NurtureEngine.Studio.Instances;

namespace NurtureEngine.IntegrationTests.Designer;

/// <summary>Elsa Studio's viewer is told of what happens to the enrollment that it shows.</summary>
public sealed class LiveViewTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private Office _office = null!;

    public async ValueTask InitializeAsync()
    {
        _office = await Office.OpenAsync(server);
        await _office.EnterAsync("ann");
    }

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public async Task Two_who_watch_the_same_enrollment_are_both_told_when_it_goes_on()
    {
        await using var one = await ConnectAsync(_office.Admin);
        await using var other = await ConnectAsync(_office.Admin);
        var told = new[] { Told(one), Told(other) };
        await one.InvokeAsync("ObserveInstanceAsync", "e1-1");
        await other.InvokeAsync("ObserveInstanceAsync", "e1-1");

        var pulse = _office.Host.Services.GetServices<IHostedService>().OfType<InstancePulse>().Single();
        // The first look learns how the enrollment stands; what comes after it is told.
        await pulse.LookAsync(CancellationToken.None);
        _office.Host.Clock.Advance(TimeSpan.FromDays(30));
        await _office.Host.DrainAsync();
        await pulse.LookAsync(CancellationToken.None);

        var stats = await Task.WhenAll(told).WaitAsync(Patience);
        Assert.All(stats, one => Assert.Contains(one["stats"]!.AsArray(), step => (int)step!["completedCount"]! > 0));
    }

    [Fact]
    public async Task Who_may_not_see_the_lead_is_refused_and_who_is_not_signed_in_is_let_nowhere()
    {
        using var sam = await _office.HireAsync("sam", Roles.Sales);
        await using var connection = await ConnectAsync(sam);

        foreach (var id in new[] { "e1-1", "e9-9", "nothing" })
        {
            var refused = await Assert.ThrowsAsync<HubException>(() =>
                connection.InvokeAsync("ObserveInstanceAsync", id)
            );
            Assert.Contains("can't be seen", refused.Message, StringComparison.Ordinal);
        }

        using var stranger = new Visitor(_office.Host);
        using var answer = await stranger.PostAsync("/elsa/hubs/workflow-instance/negotiate?negotiateVersion=1");
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.Redirect });
    }

    private static Task<JsonObject> Told(HubConnection connection)
    {
        var told = new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.On<JsonObject>("ActivityExecutionLogUpdatedAsync", stats => told.TrySetResult(stats));
        return told.Task;
    }

    private async Task<HubConnection> ConnectAsync(Visitor person)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(
                new Uri(_office.Host.Http.BaseAddress!, "/elsa/hubs/workflow-instance"),
                options =>
                    options.Headers["Cookie"] = string.Join("; ", person.Cookies.Select(c => $"{c.Key}={c.Value}"))
            )
            .Build();
        await connection.StartAsync();
        return connection;
    }
}
