using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Channels.Http;
using NurtureEngine.Host.Tracks;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Http;

/// <summary>Whether links in contents work.</summary>
public sealed class LinkProbeTests : IAsyncLifetime
{
    private WebApplication _site = null!;
    private int _asked;

    public async ValueTask InitializeAsync()
    {
        var builder = LocalServer.Builder();
        _site = builder.Build();
        _site.Map("/{status:int}", (int status) => Count(status));
        _site.MapMethods("/no-head", ["HEAD"], () => Count(405));
        _site.MapGet("/no-head", () => Count(200));
        await _site.StartAsync();
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData("/200", null)]
    [InlineData("/302", null)]
    [InlineData("/403", null)]
    [InlineData("/429", null)]
    [InlineData("/no-head", null)]
    [InlineData("/404", "404")]
    [InlineData("/410", "410")]
    [InlineData("/500", "500")]
    public async Task A_page_is_there_unless_its_server_says_otherwise(string path, string? fault)
    {
        using var http = Client(allowsPrivate: true);

        Assert.Equal(fault, await new LinkProbe(http, allowsPrivate: true).FindFaultAsync(At(path), default));
    }

    [Fact]
    public async Task Samples_private_addresses_and_silence_are_faults()
    {
        using var http = Client(allowsPrivate: false);
        var probe = new LinkProbe(http, allowsPrivate: false);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var free = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var open = Client(allowsPrivate: true);

        Assert.Equal(
            "SampleAddress",
            await probe.FindFaultAsync(new Uri("https://www.northwind.example/check"), default)
        );
        Assert.Equal("PrivateAddress", await probe.FindFaultAsync(At("/200"), default));
        Assert.Equal("PrivateAddress", await probe.FindFaultAsync(new Uri("http://10.0.0.1/"), default));
        Assert.Equal(
            "ConnectionError",
            await new LinkProbe(open, allowsPrivate: true).FindFaultAsync(new Uri($"http://127.0.0.1:{free}/"), default)
        );
        Assert.Equal(0, _asked);
    }

    [Fact]
    public async Task What_was_found_is_kept_and_asked_for_once()
    {
        using var http = Client(allowsPrivate: true);
        using var health = new LinkHealth(new LinkProbe(http, allowsPrivate: true), TimeProvider.System);
        string[] links = [$"{At("/404")}", $"{At("/200")}", "not a link"];
        var first = await health.FindDeadAsync(links, TimeSpan.FromMinutes(3), default);
        var again = await health.FindDeadAsync(links, TimeSpan.Zero, default);

        Assert.Equal(["404", "InvalidAddress"], first.Values.Order(StringComparer.Ordinal));
        Assert.Equal(first, again);
        // HEAD and GET of the one, HEAD of the other.
        Assert.Equal(3, _asked);
    }

    private IResult Count(int status)
    {
        Interlocked.Increment(ref _asked);
        return Results.StatusCode(status);
    }

    private Uri At(string path) => new($"{_site.Urls.Single()}{path}");

    private static HttpClient Client(bool allowsPrivate) => new(new GuardedConnection(allowsPrivate).Handler());
}
