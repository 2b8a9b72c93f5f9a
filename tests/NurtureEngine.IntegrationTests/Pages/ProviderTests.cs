using System.Net;
using NurtureEngine.Core.People;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>Sign-in at an identity provider: who gets in, as whom, and with which roles.</summary>
public sealed class ProviderTests(PostgresServer server) : IAsyncLifetime
{
    private IdentityProvider _provider = null!;

    public async ValueTask InitializeAsync() => _provider = await IdentityProvider.StartAsync();

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    [Fact]
    public async Task Who_is_known_here_by_a_verified_address_gets_in_as_themselves()
    {
        await using var office = await OpenAsync();
        await KnowAsync(office, "eve", "eve@example.org", Roles.Marketer);
        Say("eve@example.org", isVerified: true);
        using var visitor = new Visitor(office.Host);

        Assert.Equal("/console/tracks", await ComeAsync(visitor, "/console/tracks"));
        Assert.Contains("eve", await visitor.ReadAsync("/console"), StringComparison.Ordinal);

        // By the subject from now on: addresses change.
        Say("another@example.org", isVerified: false);
        Assert.Equal("/console", await ComeAsync(visitor, "https://elsewhere.example.com/"));
    }

    [Fact]
    public async Task An_address_that_is_not_verified_and_a_name_that_is_taken_are_nobodys()
    {
        await using var office = await OpenAsync(("Roles:marketer", "makers"));
        await KnowAsync(office, "eve", "eve@example.org", Roles.Administrator);
        _provider.Says["preferred_username"] = "eve";
        Say("eve@example.org", isVerified: false, "makers");
        using var visitor = new Visitor(office.Host);

        Assert.Equal("/console/sign-in?provider=refused", await ComeAsync(visitor));
        Assert.Contains(
            "you have no access here",
            await visitor.ReadAsync("/console/sign-in?provider=refused"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Who_is_not_known_stays_outside_unless_groups_are_mapped()
    {
        await using var office = await OpenAsync();
        _provider.Says["preferred_username"] = "stranger";
        Say("stranger@example.org", isVerified: true, "makers");
        using var visitor = new Visitor(office.Host);

        Assert.Equal("/console/sign-in?provider=refused", await ComeAsync(visitor));
        Assert.Equal(1, await office.Host.ScalarAsync<long>("SELECT count(*) FROM person"));
    }

    [Fact]
    public async Task Groups_let_people_in_change_their_roles_and_put_them_out()
    {
        await using var office = await OpenAsync(
            ("Roles:marketer", "makers, designers"),
            ("Roles:operator", "keepers")
        );
        _provider.Says["preferred_username"] = "eve";
        Say("eve@example.org", isVerified: true, "designers", "others");
        using var visitor = new Visitor(office.Host);
        var first = await ComeAsync(visitor);
        var roles = await RolesAsync(office);
        using var health = await visitor.GetAsync("/console/health");

        Say("eve@example.org", isVerified: true, "keepers");
        await ComeAsync(visitor);
        using var healthSince = await visitor.GetAsync("/console/health");

        using var elsewhere = new Visitor(office.Host);
        Say("eve@example.org", isVerified: true, "others");
        var put = await ComeAsync(elsewhere);
        using var ended = await visitor.GetAsync("/console");

        Assert.Equal("/console", first);
        Assert.Equal("marketer", roles);
        Assert.Contains("denied", health.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, healthSince.StatusCode);
        Assert.Equal("/console/sign-in?provider=refused", put);
        Assert.Contains("sign-in", ended.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal("", await RolesAsync(office));
    }

    [Fact]
    public async Task An_answer_that_nobody_asked_for_signs_nobody_in()
    {
        await using var office = await OpenAsync();
        await KnowAsync(office, "eve", "eve@example.org", Roles.Marketer);
        Say("eve@example.org", isVerified: true);
        using var thief = new Visitor(office.Host);
        using var victim = new Visitor(office.Host);
        var answer = await AskAsync(thief, "/console");
        using var planted = await victim.GetAsync(answer);
        using var forged = await victim.GetAsync("/console/sign-in/callback?code=abc&state=made-up");
        using var home = await victim.GetAsync("/console");

        Assert.Equal("/console/sign-in?provider=refused", victim.TargetOf(planted));
        Assert.Equal("/console/sign-in?provider=refused", victim.TargetOf(forged));
        Assert.Contains("sign-in", home.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_provider_decides_no_password_goes_round_it()
    {
        await using var office = await OpenAsync(("Roles:marketer", "makers"));
        await KnowAsync(office, "eve", "eve@example.org", Roles.Marketer);
        using var eve = await office.SignedInAsync("eve", await office.PasswordAsync("eve"));
        Say("eve@example.org", isVerified: true, "makers");
        using var visitor = new Visitor(office.Host);
        var come = await ComeAsync(visitor);
        using var other = new Visitor(office.Host);
        using var byPassword = await other.SignInAsync("eve", Office.Password);
        await office.Admin.FillInAsync("/console/people", $"invite-{await office.IdAsync("eve")}");
        var link = await office.Host.ScalarAsync<string>(
            "SELECT substring(text FROM '/console/invitation/[A-Za-z0-9_-]+') FROM development_inbox ORDER BY id DESC LIMIT 1"
        );
        using var chosen = await other.FillInAsync(
            link,
            "choose",
            ("Form.Next", "a pass phrase that is hard to guess"),
            ("Form.Again", "a pass phrase that is hard to guess")
        );

        Assert.Equal("/console", come);
        Assert.Contains("takes no password", await byPassword.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("no password is needed", await chosen.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_a_second_step_here_is_asked_for_it_and_is_not_found_by_an_address()
    {
        await using var office = await OpenAsync();
        await KnowAsync(office, "eve", "eve@example.org", Roles.Marketer);
        Say("eve@example.org", isVerified: true);
        using var visitor = new Visitor(office.Host);
        await ComeAsync(visitor);
        var key = await SecondFactorTests.TurnOnAsync(visitor);

        using var later = new Visitor(office.Host);
        var asked = await ComeAsync(later, "/console/tracks");
        using var before = await later.GetAsync("/console");
        var step = SecondFactorTests.StepOn(await later.ReadAsync(asked));
        using var entered = await later.FillInAsync(asked, "code", ("Code.Step", step), ("Code.Code", Totp.Of(key)));

        _provider.Says["sub"] = "2";
        using var stranger = new Visitor(office.Host);

        Assert.StartsWith("/console/sign-in", asked, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, before.StatusCode);
        Assert.Equal("/console/tracks", later.TargetOf(entered));
        Assert.Equal("/console/sign-in?provider=refused", await ComeAsync(stranger));
    }

    [Fact]
    public async Task Whoever_gets_the_mailbox_of_somebody_else_does_not_get_their_account()
    {
        await using var office = await OpenAsync();
        await KnowAsync(office, "eve", "eve@example.org", Roles.Marketer);
        Say("eve@example.org", isVerified: true);
        using var visitor = new Visitor(office.Host);
        var first = await ComeAsync(visitor);
        _provider.Says["sub"] = "2";
        using var successor = new Visitor(office.Host);

        Assert.Equal("/console", first);
        Assert.Equal("/console/sign-in?provider=refused", await ComeAsync(successor));
    }

    [Fact]
    public async Task Who_comes_by_the_provider_is_in_the_audit_log_and_their_one_time_password_is_over()
    {
        await using var office = await OpenAsync();
        await KnowAsync(office, "eve", "eve@example.org", Roles.Marketer);
        Say("eve@example.org", isVerified: true);
        using var visitor = new Visitor(office.Host);
        await ComeAsync(visitor);
        using var zone = await visitor.FillInAsync("/console/account", "zone", ("Zone", "Asia/Shanghai"));

        Assert.Equal("/console/account?done=zone", visitor.TargetOf(zone));
        Assert.Contains("Upcoming sends", await visitor.ReadAsync("/console"), StringComparison.Ordinal);
        Assert.True(
            await office.Host.ScalarAsync<bool>(
                "SELECT password_hash IS NULL AND NOT must_change FROM person WHERE user_name = 'eve'"
            )
        );
        Assert.Equal(
            1,
            await office.Host.ScalarAsync<long>(
                "SELECT count(*) FROM audit WHERE actor = 'eve' AND act = 'person.signed_in' AND after->>'way' = 'identity provider'"
            )
        );
    }

    [Fact]
    public async Task Without_a_provider_there_is_no_way_to_one()
    {
        await using var office = await Office.OpenAsync(server);
        using var visitor = new Visitor(office.Host);
        using var answer = await visitor.GetAsync("/console/sign-in/provider");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain(
            "your organisation",
            await visitor.ReadAsync("/console/sign-in"),
            StringComparison.Ordinal
        );
    }

    private Task<Office> OpenAsync(params (string Key, string Value)[] more) =>
        Office.OpenAsync(
            server,
            new[]
            {
                ("Authority", _provider.Address),
                ("ClientId", IdentityProvider.ClientId),
                ("ClientSecret", IdentityProvider.ClientSecret),
                ("RoleClaim", "groups"),
            }
                .Concat(more)
                .ToDictionary(pair => $"Nurture:SignIn:Oidc:{pair.Item1}", pair => (string?)pair.Item2)
        );

    private static async Task KnowAsync(Office office, string userName, string email, string role)
    {
        await office.AddAsync(userName, role);
        await office.Admin.FillInAsync(
            "/console/people",
            $"details-{await office.IdAsync(userName)}",
            ("Form.Email", email)
        );
    }

    private void Say(string email, bool isVerified, params string[] groups)
    {
        _provider.Says["email"] = email;
        _provider.Says["email_verified"] = isVerified;
        _provider.Says["groups"] = groups;
    }

    // To the provider and back; the answer is where the visitor is led in the end.
    private static async Task<string> ComeAsync(Visitor visitor, string returnUrl = "/console")
    {
        using var back = await visitor.GetAsync(await AskAsync(visitor, returnUrl));
        return visitor.TargetOf(back);
    }

    private static async Task<string> AskAsync(Visitor visitor, string returnUrl)
    {
        using var asked = await visitor.GetAsync(
            $"/console/sign-in/provider?returnUrl={Uri.EscapeDataString(returnUrl)}"
        );
        Assert.Equal(HttpStatusCode.Found, asked.StatusCode);
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var answer = await http.GetAsync(asked.Headers.Location);
        return answer.Headers.Location!.PathAndQuery;
    }

    private static Task<string> RolesAsync(Office office) =>
        office.Host.ScalarAsync<string>(
            "SELECT COALESCE(string_agg(role, ', ' ORDER BY role), '') FROM person_role JOIN person ON id = person_id WHERE user_name = 'eve'"
        );
}
