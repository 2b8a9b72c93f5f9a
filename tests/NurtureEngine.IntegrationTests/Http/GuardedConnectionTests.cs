using System.Net;
using System.Net.Sockets;
using NurtureEngine.Channels.Http;
using NurtureEngine.Channels.Webhooks;
using NurtureEngine.Core.Touches;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Http;

/// <summary>What the engine connects to when it tells other systems, and what it does not.</summary>
public sealed class GuardedConnectionTests
{
    [Theory]
    [InlineData("93.184.215.14", true)]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("100.63.255.255", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("64:ff9b::808:808", true)]
    [InlineData("2002:808:808::1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.0.2.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.19.0.1", false)]
    [InlineData("203.0.113.7", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::7f00:1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("64:ff9b:1::808:808", false)]
    [InlineData("2002:7f00:1::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd12:3456::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("ff02::1", false)]
    public void Only_addresses_of_the_public_Internet_are_public(string address, bool expected) =>
        Assert.Equal(expected, PublicAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("hooks.example.com", "127.0.0.1")]
    [InlineData("hooks.example.com", "10.0.0.1", "169.254.169.254")]
    [InlineData("hooks.example.com", "::ffff:127.0.0.1")]
    [InlineData("localhost", "10.0.0.1")]
    [InlineData("127.0.0.1.nip.example", "127.0.0.1")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    public async Task A_name_that_stands_for_something_private_is_not_connected_to(
        string host,
        params string[] addresses
    )
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        var guarded = new GuardedConnection(
            allowsPrivate: false,
            (_, _) => Task.FromResult(Array.ConvertAll(addresses, IPAddress.Parse))
        );
        var fault = await Assert.ThrowsAsync<PrivateAddressException>(() =>
            guarded.ConnectAsync(host, ((IPEndPoint)listener.LocalEndpoint).Port, CancellationToken.None)
        );

        Assert.Contains($"'{host}'", fault.Message, StringComparison.Ordinal);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_name_that_stands_for_nothing_is_tried_again_later() =>
        Assert.Equal(
            "NameResolutionError",
            (
                (DeliveryResult.Deferred)
                    await CallAsync(
                        new GuardedConnection(false, (_, _) => Task.FromResult<IPAddress[]>([])),
                        "http://hooks.example.com/"
                    )
            ).Reason
        );

    [Fact]
    public async Task What_is_checked_is_what_is_connected_to()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var answers = new Queue<string>(["10.0.0.1", "127.0.0.1"]);
        var guarded = new GuardedConnection(
            allowsPrivate: false,
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(answers.Dequeue())])
        );

        // Asked again, the name would stand for this machine.
        Assert.Equal(
            new DeliveryResult.Rejected("address.private"),
            await CallAsync(guarded, $"http://hooks.example.com:{new Uri(receiver.Url).Port}/hook")
        );
        Assert.Single(answers);
        Assert.Empty(receiver.Received);
    }

    [Theory]
    [InlineData(false, "127.0.0.1", true)]
    [InlineData(false, "localhost", true)]
    [InlineData(false, "hooks.example.com", false)]
    [InlineData(true, "hooks.example.com", true)]
    public async Task This_machine_is_told_where_it_is_named_or_private_addresses_are_allowed(
        bool allowsPrivate,
        string host,
        bool isTold
    )
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var guarded = new GuardedConnection(
            allowsPrivate,
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback])
        );
        var result = await CallAsync(guarded, $"http://{host}:{new Uri(receiver.Url).Port}/hook");

        Assert.Equal(isTold ? new DeliveryResult.Accepted() : new DeliveryResult.Rejected("address.private"), result);
        Assert.Equal(isTold ? 1 : 0, receiver.Received.Count);
    }

    private static async Task<DeliveryResult> CallAsync(GuardedConnection guarded, string address)
    {
        using var handler = guarded.Handler();
        // Names are resolved by the guard alone.
        handler.UseProxy = false;
        using var http = new HttpClient(handler);
        return await new WebhookCaller(http, TimeProvider.System).CallAsync(
            new Uri(address),
            new byte[32],
            Guid.NewGuid(),
            "{}",
            CancellationToken.None
        );
    }
}
