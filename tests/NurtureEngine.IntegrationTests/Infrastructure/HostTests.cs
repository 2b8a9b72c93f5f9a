using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Host.Storage;

namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>Tests on a host and a database of their own, with a CRM that fires at it.</summary>
public abstract class HostTests(PostgresServer server) : IAsyncLifetime
{
    private protected TestHost _host = null!;
    private protected Crm _crm = null!;

    /// <summary>Settings of the host beside its defaults.</summary>
    protected virtual IReadOnlyDictionary<string, string?>? Settings => null;

    /// <summary>For a second host on the same database.</summary>
    private protected string ConnectionString => _host.Services.GetRequiredService<NurtureDatabase>().ConnectionString;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync(await server.CloneAsync(), settings: Settings);
        _crm = await Crm.ForAsync(_host.Http, _host.Database);
    }

    public async ValueTask DisposeAsync()
    {
        var connectionString = ConnectionString;
        await _host.DisposeAsync();
        await server.DropAsync(connectionString);
        GC.SuppressFinalize(this);
    }

    /// <summary>A database for a host of the test's own.</summary>
    private protected Task<string> CloneAsync() => server.CloneAsync();

    /// <summary>The e-mails that have left.</summary>
    private protected Task<JsonArray> InboxAsync() => ItemsAsync("/api/dev/inbox?limit=200");

    private protected async Task<JsonArray> ItemsAsync(string path) => (await GetAsync(path))["items"]!.AsArray();

    private protected async Task<JsonObject> GetAsync(string path) =>
        (await _host.Http.GetFromJsonAsync<JsonObject>(path))!;
}
