using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Links;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Storage;

/// <summary>The keys of links, cookies and forms: one set for all hosts, encrypted by a secret that can be changed.</summary>
public sealed class KeyWrappingTests(PostgresServer server) : IAsyncLifetime
{
    private const string First = "first-secret-of-a-test";
    private const string Second = "second-secret-of-a-test";

    private static readonly TouchId Touch = new(Guid.Parse("7d3a4f20-0000-4000-8000-000000000001"));

    private string _database = "";

    public async ValueTask InitializeAsync() => _database = await server.CloneAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_one_host_gave_out_another_reads()
    {
        await using var one = await StartAsync(First);
        await using var other = await StartAsync(First);

        Assert.Equal("ann", Unprotect(other, Protect(one, "ann")));
        Assert.Equal(
            "f",
            await one.ScalarAsync<string>(
                "SELECT DISTINCT left((position('<key'::bytea IN secret) > 0)::text, 1) FROM protection_key WHERE is_wrapped"
            )
        );
    }

    [Fact]
    public async Task Without_a_secret_keys_are_stored_as_they_are_and_are_good_once_there_is_one()
    {
        string cookie;
        await using (var bare = await StartAsync(wrapping: null))
        {
            cookie = Protect(bare, "ann");
            Assert.False(await bare.ScalarAsync<bool>("SELECT bool_or(is_wrapped) FROM protection_key"));
        }

        await using var wrapped = await StartAsync(First);
        Assert.Equal("ann", Unprotect(wrapped, cookie));
    }

    [Fact]
    public async Task The_secret_is_changed_and_nothing_that_is_out_is_lost()
    {
        string cookie;
        string link;
        await using (var before = await StartAsync(First))
        {
            cookie = Protect(before, "ann");
            link = before.Services.GetRequiredService<LinkKeys>().Links.UnsubscribeToken(Touch);
        }

        var changed = await Assert.ThrowsAsync<InvalidDataException>(() => StartAsync(Second));
        var wrong = await RewrapAsync("a-secret-that-nobody-used", Second);
        var right = await RewrapAsync(First, Second);
        var again = await RewrapAsync(First, Second);
        await using var after = await StartAsync(Second);

        Assert.Contains("'rewrap-keys'", changed.Message, StringComparison.Ordinal);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("Nurture:Keys:Previous", wrong.Said, StringComparison.Ordinal);
        Assert.Equal((0, "2 keys are encrypted with Nurture:Keys:Wrapping now."), right);
        Assert.Equal(right, again);
        Assert.Equal("ann", Unprotect(after, cookie));
        Assert.NotNull(after.Services.GetRequiredService<LinkKeys>().Read(link, LinkKind.Unsubscribe));
    }

    [Fact]
    public async Task Hosts_that_got_a_secret_first_are_brought_along_by_the_verb()
    {
        await using (var bare = await StartAsync(wrapping: null)) { }

        await using (var connection = new Npgsql.NpgsqlConnection(_database))
        {
            await connection.ExecuteAsync("DELETE FROM protection_key");
        }

        await using (var mixed = await StartAsync(First))
        {
            Protect(mixed, "ann");
        }

        var (exitCode, said) = await RewrapAsync(previous: null, First);
        Assert.Equal((0, "2 keys are encrypted with Nurture:Keys:Wrapping now."), (exitCode, said));
        await Assert.ThrowsAsync<InvalidDataException>(() => StartAsync(Second));
    }

    [Fact]
    public async Task The_secret_is_taken_away()
    {
        string cookie;
        await using (var before = await StartAsync(First))
        {
            cookie = Protect(before, "ann");
        }

        var refused = await RewrapAsync(First, wrapping: null);
        var (exitCode, said) = await RewrapAsync(First, wrapping: null, "--remove-encryption");
        await using var after = await StartAsync(wrapping: null);

        Assert.Equal(2, refused.ExitCode);
        Assert.Equal((0, "2 keys are now stored without encryption."), (exitCode, said));
        Assert.Equal("ann", Unprotect(after, cookie));
    }

    private Task<TestHost> StartAsync(string? wrapping) =>
        TestHost.StartAsync(
            _database,
            settings: new Dictionary<string, string?> { ["Nurture:Keys:Wrapping"] = wrapping }
        );

    private static string Protect(TestHost host, string text) => Protector(host).Protect(text);

    private static string Unprotect(TestHost host, string text) => Protector(host).Unprotect(text);

    private static IDataProtector Protector(TestHost host) =>
        host.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("a test's");

    private async Task<(int ExitCode, string Said)> RewrapAsync(
        string? previous,
        string? wrapping,
        params string[] more
    )
    {
        var settings = new Dictionary<string, string> { ["ConnectionStrings__Nurture"] = _database };
        if (previous is not null)
        {
            settings["Nurture__Keys__Previous"] = previous;
        }

        if (wrapping is not null)
        {
            settings["Nurture__Keys__Wrapping"] = wrapping;
        }

        await using var process = HostProcess.Start(settings, ["rewrap-keys", .. more]);
        var exitCode = await process.ExitAsync();
        return (exitCode, (exitCode == 0 ? process.Output : process.Errors).Trim());
    }
}
