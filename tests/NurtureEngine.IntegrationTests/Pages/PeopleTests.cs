using System.Net;
using System.Text.RegularExpressions;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>Administrators let people in, and take back what they gave.</summary>
public sealed partial class PeopleTests(PostgresServer server) : IAsyncLifetime
{
    private const string Own = "a long pass phrase of my own";

    private TestHost _host = null!;
    private Visitor _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync(await server.CloneAsync());
        _admin = await SignedInAsync("admin", (await _host.FirstPasswordAsync())!);
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_person_is_added_signs_in_and_sees_what_their_role_may_see()
    {
        using var eve = await SignedInAsync("eve@example.com", await AddAsync("eve@example.com", "reader"));
        using var denied = await eve.GetAsync("/console/people");

        Assert.Contains("Home", await eve.ReadAsync("/console"), StringComparison.Ordinal);
        Assert.StartsWith("/console/denied", denied.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        Assert.Contains("eve@example.com", await _admin.ReadAsync("/console/people"), StringComparison.Ordinal);
        Assert.Contains("Added a person", await _admin.ReadAsync("/console/audit"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("admin", "reader", "taken")]
    [InlineData("ADMIN", "reader", "taken")]
    [InlineData("eve one", "reader", "Latin letters")]
    [InlineData("eve", "", "at least one role")]
    [InlineData("eve", "king", "does not exist")]
    public async Task Who_can_not_be_added_is_refused_with_the_reason(string userName, string role, string why)
    {
        using var answer = await _admin.FillInAsync(
            "/console/people",
            "add",
            [("UserName", userName), .. role.Length > 0 ? new[] { ("Chosen", role) } : []]
        );

        Assert.Contains(why, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM person"));
    }

    [Fact]
    public async Task Other_roles_and_a_new_password_end_the_sessions_of_before()
    {
        using var eve = await SignedInAsync("eve", await AddAsync("eve", "administrator"));
        var id = await IdAsync("eve");
        await _admin.FillInAsync("/console/people", $"roles-{id}", ("Chosen", "sales"));
        using var ended = await eve.GetAsync("/console");
        using var again = new Visitor(_host);
        await again.SignInAsync("eve", Own);
        using var denied = await again.GetAsync("/console/people");
        var reset = await PasswordAsync(await _admin.FillInAsync("/console/people", $"reset-{id}"));
        using var endedAgain = await again.GetAsync("/console");
        using var anew = await SignedInAsync("eve", reset);

        Assert.Contains("sign-in", ended.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("denied", denied.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("sign-in", endedAgain.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("Home", await anew.ReadAsync("/console"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        using var answer = await _admin.FillInAsync(
            "/console/people",
            $"roles-{await IdAsync("admin")}",
            ("Chosen", "reader")
        );

        Assert.Contains(
            "at least one administrator",
            await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        Assert.Equal("administrator", await _host.ScalarAsync<string>("SELECT role FROM person_role"));
    }

    [Fact]
    public async Task Nobody_but_an_administrator_changes_people()
    {
        using var eve = await SignedInAsync("eve", await AddAsync("eve", "operator"));
        using var answer = await eve.PostAsync(
            "/console/people",
            ("_handler", "add"),
            ("__RequestVerificationToken", await eve.TokenOfAsync("/console/account")),
            ("UserName", "mallory"),
            ("Chosen", "administrator")
        );

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal(2, await _host.ScalarAsync<long>("SELECT count(*) FROM person"));
    }

    private async Task<string> AddAsync(string userName, string role) =>
        await PasswordAsync(
            await _admin.FillInAsync("/console/people", "add", ("UserName", userName), ("Chosen", role))
        );

    private static async Task<string> PasswordAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            return Code().Match(await answer.Content.ReadAsStringAsync()).Groups[1].Value;
        }
    }

    private Task<long> IdAsync(string userName) =>
        _host.ScalarAsync<long>("SELECT id FROM person WHERE user_name = @userName", new { userName });

    private async Task<Visitor> SignedInAsync(string userName, string password)
    {
        var visitor = new Visitor(_host);
        await visitor.SignInAsync(userName, password);
        await visitor.FillInAsync(
            "/console/account",
            "password",
            ("Form.Current", password),
            ("Form.Next", Own),
            ("Form.Again", Own)
        );
        return visitor;
    }

    [GeneratedRegex("<code>([^<]+)</code>")]
    private static partial Regex Code();
}
