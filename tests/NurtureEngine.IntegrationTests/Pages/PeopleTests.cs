using System.Net;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>Administrators let people in, and take back what they gave.</summary>
public sealed class PeopleTests(PostgresServer server) : IAsyncLifetime
{
    private Office _office = null!;

    private TestHost Host => _office.Host;

    private Visitor Admin => _office.Admin;

    public async ValueTask InitializeAsync() => _office = await Office.OpenAsync(server);

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public async Task A_person_is_added_signs_in_and_sees_what_their_role_may_see()
    {
        using var eve = await _office.SignedInAsync(
            "eve@example.com",
            await _office.AddAsync("eve@example.com", "reader")
        );
        using var denied = await eve.GetAsync("/console/people");

        Assert.Contains("Home", await eve.ReadAsync("/console"), StringComparison.Ordinal);
        Assert.StartsWith("/console/denied", denied.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
        Assert.Contains("eve@example.com", await Admin.ReadAsync("/console/people"), StringComparison.Ordinal);
        Assert.Contains("Added a person", await Admin.ReadAsync("/console/audit"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("admin", "reader", "taken")]
    [InlineData("ADMIN", "reader", "taken")]
    [InlineData("eve one", "reader", "Latin letters")]
    [InlineData("eve", "", "at least one role")]
    [InlineData("eve", "king", "does not exist")]
    public async Task Who_can_not_be_added_is_refused_with_the_reason(string userName, string role, string why)
    {
        using var answer = await Admin.FillInAsync(
            "/console/people",
            "add",
            [("UserName", userName), .. role.Length > 0 ? new[] { ("Chosen", role) } : []]
        );

        Assert.Contains(why, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await Host.ScalarAsync<long>("SELECT count(*) FROM person"));
    }

    [Fact]
    public async Task Other_roles_and_a_new_password_end_the_sessions_of_before()
    {
        using var eve = await _office.SignedInAsync("eve", await _office.AddAsync("eve", "administrator"));
        var id = await _office.IdAsync("eve");
        await Admin.FillInAsync("/console/people", $"roles-{id}", ("Chosen", "sales"));
        using var ended = await eve.GetAsync("/console");
        using var again = new Visitor(Host);
        await again.SignInAsync("eve", Office.Password);
        using var denied = await again.GetAsync("/console/people");
        var reset = await Office.PasswordAsync(await Admin.FillInAsync("/console/people", $"reset-{id}"));
        using var endedAgain = await again.GetAsync("/console");
        using var anew = await _office.SignedInAsync("eve", reset);

        Assert.Contains("sign-in", ended.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("denied", denied.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("sign-in", endedAgain.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("Home", await anew.ReadAsync("/console"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lastAdministrator_stays_one()
    {
        using var answer = await Admin.FillInAsync(
            "/console/people",
            $"roles-{await _office.IdAsync("admin")}",
            ("Chosen", "reader")
        );

        Assert.Contains(
            "at least one administrator",
            await answer.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        Assert.Equal("administrator", await Host.ScalarAsync<string>("SELECT role FROM person_role"));
    }

    [Fact]
    public async Task Nobody_but_anAdministrator_changes_people()
    {
        using var eve = await _office.SignedInAsync("eve", await _office.AddAsync("eve", "operator"));
        using var answer = await eve.PostAsync(
            "/console/people",
            ("_handler", "add"),
            ("__RequestVerificationToken", await eve.TokenOfAsync("/console/account")),
            ("UserName", "mallory"),
            ("Chosen", "administrator")
        );

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal(2, await Host.ScalarAsync<long>("SELECT count(*) FROM person"));
    }
}
