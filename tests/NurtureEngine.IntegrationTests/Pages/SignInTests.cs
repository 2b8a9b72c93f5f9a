using System.Net;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Pages.SignIn;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>Who gets into the console, and how they are turned away.</summary>
public sealed class SignInTests(PostgresServer server) : IAsyncLifetime
{
    private const string Own = "a long pass phrase of my own";

    private string _database = "";
    private TestHost _host = null!;
    private string _oneTime = "";

    public async ValueTask InitializeAsync()
    {
        _database = await server.CloneAsync();
        _host = await TestHost.StartAsync(_database);
        _oneTime = (await _host.FirstPasswordAsync())!;
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task The_first_administrator_signs_in_and_chooses_a_password_before_anything_else()
    {
        using var visitor = new Visitor(_host);
        using var signedIn = await visitor.SignInAsync("Admin", _oneTime);
        using var forced = await visitor.GetAsync("/console");
        using var changed = await ChangeAsync(visitor, _oneTime, Own);
        var home = await visitor.ReadAsync("/console");
        using var again = new Visitor(_host);
        using var old = await again.SignInAsync("admin", _oneTime);
        using var next = await again.SignInAsync("admin", Own);

        Assert.Null(await _host.FirstPasswordAsync());
        Assert.Equal("/console", Target(signedIn));
        Assert.Equal("/console/account", Target(forced));
        Assert.Equal("/console/account?done=password", Target(changed));
        Assert.Contains("Nothing waits for a person", home, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, old.StatusCode);
        Assert.Equal("/console", Target(next));
        Assert.Equal(
            "person.added, person.signed_in, password.changed, person.signed_in",
            await _host.ScalarAsync<string>("SELECT string_agg(act, ', ' ORDER BY id) FROM audit")
        );
    }

    [Theory]
    [InlineData("", "a", "a", "too short")]
    [InlineData("", "aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "repeats itself")]
    [InlineData("", Own, "another phrase", "differ")]
    [InlineData("wrong", Own, Own, "current password is wrong")]
    public async Task A_password_that_will_not_do_says_why(string current, string next, string again, string why)
    {
        using var visitor = new Visitor(_host);
        await visitor.SignInAsync("admin", _oneTime);
        using var refused = await ChangeAsync(visitor, current.Length > 0 ? current : _oneTime, next, again);

        Assert.Contains(why, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(await _host.ScalarAsync<bool>("SELECT must_change FROM person"));
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_and_the_right_one_is_not_looked_at()
    {
        using var visitor = new Visitor(_host);
        var answers = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            answers.Add(await SaidAsync(visitor, "admin", "wrong"));
        }

        answers.Add(await SaidAsync(visitor, "admin", _oneTime));
        answers.Add(await SaidAsync(visitor, "nobody", "wrong"));
        await _host.ExecuteAsync("UPDATE person SET locked_until = clock_timestamp()");
        using var later = await visitor.SignInAsync("admin", _oneTime);

        // Whoever guesses learns nothing of which names there are.
        Assert.All(answers, answer => Assert.Contains("do not belong together", answer, StringComparison.Ordinal));
        Assert.Equal("/console", Target(later));
    }

    [Fact]
    public async Task Attempts_side_by_side_count_as_many()
    {
        using var visitor = new Visitor(_host);
        var token = await TokenAsync(visitor, "/console/sign-in");
        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    visitor.PostAsync(
                        "/console/sign-in",
                        [.. token, ("_handler", "sign-in"), ("Form.UserName", "admin"), ("Form.Password", $"wrong-{i}")]
                    )
                )
        );

        Assert.True(await _host.ScalarAsync<bool>("SELECT locked_until > clock_timestamp() FROM person"));
    }

    [Fact]
    public async Task Twenty_wrong_names_are_answered_alike_and_too_many_are_turned_away()
    {
        using var visitor = new Visitor(_host);
        var answers = new List<string>();
        for (var i = 0; i < 31; i++)
        {
            answers.Add(await SaidAsync(visitor, i == 3 ? "no\uFFFEbody" : $"nobody-{i}", "wrong"));
        }

        Assert.All(
            answers.Take(20),
            answer => Assert.Contains("do not belong together", answer, StringComparison.Ordinal)
        );
        Assert.Contains("Too many attempts", answers[30], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_signs_in_over_somebody_elses_cookie_gets_a_session_of_their_own()
    {
        using var visitor = await SignedInAsync();
        await _host.ExecuteAsync(
            "INSERT INTO person (user_name, user_name_key, password_hash, must_change, security_stamp, version, created_at) SELECT 'eve', 'EVE', password_hash, false, 'eve', gen_random_uuid(), now() FROM person; INSERT INTO person_role SELECT id, 'reader' FROM person WHERE user_name = 'eve'"
        );
        using var eve = new Visitor(_host);
        await eve.SignInAsync("eve", Own);
        using var shared = new Visitor(_host);
        shared.Cookies["nurture"] = eve.Cookies["nurture"];
        await shared.SignInAsync("admin", Own);
        using var hers = await eve.GetAsync("/console/audit");

        Assert.NotEqual(eve.Cookies["nurture"], shared.Cookies["nurture"]);
        Assert.StartsWith("/console/denied", Target(hers), StringComparison.Ordinal);
        Assert.Equal(
            2,
            await _host.ScalarAsync<long>(
                "SELECT count(*) FROM session WHERE person_id = (SELECT id FROM person WHERE user_name = 'admin')"
            )
        );
    }

    [Fact]
    public async Task A_header_beside_the_cookie_is_no_way_around_the_new_password()
    {
        using var visitor = new Visitor(_host) { Authorization = "x" };
        await visitor.SignInAsync("admin", _oneTime);
        using var forced = await visitor.GetAsync("/console/people");

        Assert.Equal("/console/account", Target(forced));
    }

    [Fact]
    public async Task Sessions_end_with_the_stamp_whatever_becomes_of_their_rows()
    {
        using var visitor = await SignedInAsync();
        await _host.ExecuteAsync("UPDATE person SET security_stamp = 'another'");
        using var ended = await visitor.GetAsync("/console");

        Assert.StartsWith("/console/sign-in", Target(ended), StringComparison.Ordinal);
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM session"));
    }

    [Fact]
    public async Task Behind_a_proxy_that_ends_TLS_all_leads_to_the_public_address()
    {
        await using var host = await TestHost.StartAsync(
            _database,
            settings: new Dictionary<string, string?> { ["Nurture:PublicUrl"] = "https://nurture.example" }
        );
        using var visitor = new Visitor(host);
        using var asked = await visitor.GetAsync("/console");
        using var signedIn = await visitor.SignInAsync("admin", _oneTime);
        var cookies = signedIn.Headers.GetValues("Set-Cookie").ToList();

        Assert.StartsWith(
            "https://nurture.example/console/sign-in",
            $"{asked.Headers.Location}",
            StringComparison.Ordinal
        );
        Assert.Equal("https://nurture.example/console", $"{signedIn.Headers.Location}");
        Assert.Contains(cookies, cookie => cookie.StartsWith("__Host-nurture=", StringComparison.Ordinal));
        Assert.All(cookies, cookie => Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase));
        Assert.All(cookies, cookie => Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_verb_lets_in_who_is_locked_out()
    {
        using var visitor = await SignedInAsync();
        await _host.ExecuteAsync("UPDATE person SET locked_until = clock_timestamp() + interval '1 hour'");
        await using var process = HostProcess.Start(
            new Dictionary<string, string> { ["ConnectionStrings__Nurture"] = _database },
            ["reset-password", "--name", "admin"]
        );
        Assert.Equal(0, await process.ExitAsync());
        using var ended = await visitor.GetAsync("/console");
        using var again = new Visitor(_host);
        using var signedIn = await again.SignInAsync("admin", process.Output.Trim().Split(' ')[^1]);

        Assert.StartsWith("/console/sign-in", Target(ended), StringComparison.Ordinal);
        Assert.Equal("/console", Target(signedIn));
    }

    [Fact]
    public async Task A_forged_cookie_and_one_of_an_ended_session_open_nothing()
    {
        using var visitor = await SignedInAsync();
        using var thief = new Visitor(_host);
        thief.Cookies["nurture"] = visitor.Cookies["nurture"];
        using var stolen = await thief.GetAsync("/console");
        using var signedOut = await visitor.PostAsync("/console/sign-out", await TokenAsync(visitor));
        using var ended = await thief.GetAsync("/console");
        await visitor.SignInAsync("admin", Own);
        thief.Cookies["nurture"] = $"{visitor.Cookies["nurture"][..^4]}AAAA";
        using var forged = await thief.GetAsync("/console");

        Assert.Equal(HttpStatusCode.OK, stolen.StatusCode);
        Assert.Equal("/console/sign-in", Target(signedOut));
        Assert.StartsWith("/console/sign-in", Target(ended), StringComparison.Ordinal);
        Assert.StartsWith("/console/sign-in", Target(forged), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_ends_all_other_sessions_on_every_host()
    {
        await using var other = await TestHost.StartAsync(_database);
        using var visitor = await SignedInAsync();
        using var elsewhere = new Visitor(_host);
        await elsewhere.SignInAsync("admin", Own);
        using var before = await elsewhere.GetAsync("/console", other);
        await ChangeAsync(visitor, Own, Own + "!");
        using var after = await elsewhere.GetAsync("/console", other);
        using var mine = await visitor.GetAsync("/console", other);

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.StartsWith("/console/sign-in", Target(after), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, mine.StatusCode);
    }

    [Fact]
    public async Task A_session_is_ended_by_its_owner_alone()
    {
        using var visitor = await SignedInAsync();
        using var elsewhere = new Visitor(_host);
        await elsewhere.SignInAsync("admin", Own);
        var id = await _host.ScalarAsync<string>(
            "SELECT encode(key_hash, 'hex') FROM session ORDER BY created_at DESC LIMIT 1"
        );
        await _host.ExecuteAsync(
            "INSERT INTO person (user_name, user_name_key, must_change, security_stamp, version, created_at) VALUES ('eve', 'EVE', false, '', gen_random_uuid(), now()); UPDATE session SET person_id = (SELECT id FROM person WHERE user_name = 'eve') WHERE encode(key_hash, 'hex') = @id",
            new { id }
        );
        await visitor.PostAsync($"/console/sessions/{id}/end", await TokenAsync(visitor));
        var foreign = await _host.ScalarAsync<long>("SELECT count(*) FROM session");
        await _host.ExecuteAsync("UPDATE session SET person_id = (SELECT id FROM person WHERE user_name = 'admin')");
        await visitor.PostAsync($"/console/sessions/{id}/end", await TokenAsync(visitor));

        Assert.Equal(2, foreign);
        Assert.Equal(1, await _host.ScalarAsync<long>("SELECT count(*) FROM session"));
    }

    [Theory]
    [InlineData("/console/audit", "/console/audit")]
    [InlineData("//evil.example/x", "/console")]
    [InlineData("/\\evil.example", "/console")]
    [InlineData("https://evil.example", "/console")]
    [InlineData("javascript:alert(1)", "/console")]
    public void Nobody_is_led_to_another_site(string asked, string led) => Assert.Equal(led, LocalAddress.Or(asked));

    [Fact]
    public async Task A_cookie_opens_pages_and_not_the_API_and_a_form_needs_its_token()
    {
        using var visitor = await SignedInAsync();
        using var api = await visitor.GetAsync("/api/leads");
        using var bare = await visitor.PostAsync("/console/sign-out");
        using var home = await visitor.GetAsync("/console");

        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        Assert.Equal(HttpStatusCode.OK, home.StatusCode);
        Assert.Contains(
            "default-src 'none'",
            home.Headers.GetValues("Content-Security-Policy").Single(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_page_of_another_role_says_so()
    {
        await _host.ExecuteAsync("UPDATE person_role SET role = 'reader'");
        using var visitor = await SignedInAsync();
        using var denied = await visitor.GetAsync("/console/audit");

        Assert.StartsWith("/console/denied", Target(denied), StringComparison.Ordinal);
        Assert.Contains("another role", await visitor.ReadAsync("/console/denied"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_speak_the_readers_language_and_the_one_they_choose()
    {
        using var visitor = new Visitor(_host) { Language = "zh-CN" };
        var chinese = await visitor.ReadAsync("/console/sign-in");
        await visitor.PostAsync(
            "/console/language",
            [.. await TokenAsync(visitor, "/console/sign-in"), ("language", "en"), ("back", "/console/sign-in")]
        );

        Assert.Contains("用户名", chinese, StringComparison.Ordinal);
        Assert.Contains("User name", await visitor.ReadAsync("/console/sign-in"), StringComparison.Ordinal);
    }

    private async Task<Visitor> SignedInAsync()
    {
        var visitor = new Visitor(_host);
        await visitor.SignInAsync("admin", _oneTime);
        await ChangeAsync(visitor, _oneTime, Own);
        return visitor;
    }

    private static Task<HttpResponseMessage> ChangeAsync(
        Visitor visitor,
        string current,
        string next,
        string? again = null
    ) =>
        visitor.FillInAsync(
            "/console/account",
            "password",
            ("Form.Current", current),
            ("Form.Next", next),
            ("Form.Again", again ?? next)
        );

    private static async Task<string> SaidAsync(Visitor visitor, string userName, string password)
    {
        using var answer = await visitor.SignInAsync(userName, password);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<(string, string)[]> TokenAsync(Visitor visitor, string page = "/console/account") =>
        [("__RequestVerificationToken", await visitor.TokenOfAsync(page))];

    private static string Target(HttpResponseMessage answer)
    {
        var location = answer.Headers.Location;
        return location is null ? $"{answer.StatusCode}"
            : location.IsAbsoluteUri ? location.PathAndQuery
            : location.OriginalString;
    }
}
