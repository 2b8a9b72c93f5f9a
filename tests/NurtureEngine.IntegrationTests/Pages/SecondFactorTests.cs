using System.Net;
using System.Text.RegularExpressions;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>The second step of a sign-in, by an authenticator.</summary>
public sealed partial class SecondFactorTests(PostgresServer server) : IAsyncLifetime
{
    private Office _office = null!;
    private string _key = "";
    private List<string> _codes = [];

    public async ValueTask InitializeAsync()
    {
        _office = await Office.OpenAsync(server);
        _key = await BeginAsync(_office.Admin);
        using var confirmed = await _office.Admin.FillInAsync(
            "/console/account",
            "totp-confirm",
            ("TotpCode", Totp.Of(_key, steps: -1))
        );
        _codes =
        [
            .. Code().Matches(await confirmed.Content.ReadAsStringAsync()).Select(match => match.Groups[1].Value),
        ];
    }

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    // RFC 6238, appendix B, of which six digits are left.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(20000000000, "353130")]
    public void The_authenticator_of_the_tests_is_one(long seconds, string code) =>
        Assert.Equal(code, Totp.At("12345678901234567890"u8.ToArray(), seconds / 30));

    [Fact]
    public async Task A_password_alone_lets_nobody_in_and_a_code_is_good_once()
    {
        using var visitor = new Visitor(_office.Host);
        var step = await FirstStepAsync(visitor);
        using var before = await visitor.GetAsync("/console");
        using var wrong = await SecondStepAsync(visitor, step, "000000");
        var code = Totp.Of(_key);
        using var right = await SecondStepAsync(visitor, step, code);
        var home = await visitor.ReadAsync("/console");

        using var other = new Visitor(_office.Host);
        using var again = await SecondStepAsync(other, await FirstStepAsync(other), code);

        // The one of before, with which it was turned on, is still within its time.
        using var older = await SecondStepAsync(other, await FirstStepAsync(other), Totp.Of(_key, steps: -1));

        Assert.Equal(10, _codes.Count);
        Assert.Contains("wrong or was used", await older.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, before.StatusCode);
        Assert.Contains("wrong or was used", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("/console", visitor.TargetOf(right));
        Assert.Contains("Nothing waits", home, StringComparison.Ordinal);
        Assert.Contains("wrong or was used", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recovery_code_lets_in_once_however_it_is_typed()
    {
        using var visitor = new Visitor(_office.Host);
        using var right = await SecondStepAsync(
            visitor,
            await FirstStepAsync(visitor),
            _codes[3].Replace("-", " ", StringComparison.Ordinal).ToUpperInvariant()
        );
        using var other = new Visitor(_office.Host);
        using var again = await SecondStepAsync(other, await FirstStepAsync(other), _codes[3]);

        Assert.Equal("/console", visitor.TargetOf(right));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Contains("9 recovery codes", await visitor.ReadAsync("/console/account"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codes_can_not_be_tried_for_ever_by_whoever_has_the_password()
    {
        using var visitor = new Visitor(_office.Host);
        for (var i = 0; i < 3; i++)
        {
            using var wrong = await SecondStepAsync(visitor, await FirstStepAsync(visitor), $"00000{i}");
        }

        Assert.True(await _office.Host.ScalarAsync<bool>("SELECT locked_until > clock_timestamp() FROM person"));
    }

    [Fact]
    public async Task A_step_that_somebody_made_up_or_that_is_of_before_leads_nowhere()
    {
        using var visitor = new Visitor(_office.Host);
        var step = await FirstStepAsync(visitor);
        using var forged = await SecondStepAsync(visitor, step[..^4] + "AAAA", Totp.Of(_key));
        await _office.Host.ExecuteAsync("UPDATE person SET security_stamp = 'another'");
        using var old = await SecondStepAsync(visitor, step, Totp.Of(_key));

        Assert.Contains("too long ago", await forged.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("too long ago", await old.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_turned_off_by_the_password_alone_and_by_a_reset()
    {
        using var wrong = await _office.Admin.FillInAsync("/console/account", "totp-off", ("Password", "wrong"));
        var isOn = await _office.Host.ScalarAsync<bool>("SELECT totp_confirmed FROM person");
        using var right = await _office.Admin.FillInAsync(
            "/console/account",
            "totp-off",
            ("Password", Office.Password)
        );
        using var visitor = new Visitor(_office.Host);
        using var signedIn = await visitor.SignInAsync("admin", Office.Password);

        Assert.Contains("password is wrong", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(isOn);
        Assert.Equal("/console", visitor.TargetOf(signedIn));
        Assert.Equal(0, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM recovery_code"));
    }

    [Fact]
    public async Task The_right_password_after_four_wrong_ones_still_leads_to_the_code()
    {
        using var visitor = new Visitor(_office.Host);
        for (var i = 0; i < 4; i++)
        {
            using var wrong = await visitor.SignInAsync("admin", "wrong");
        }

        using var right = await SecondStepAsync(visitor, await FirstStepAsync(visitor), Totp.Of(_key));

        Assert.Equal("/console", visitor.TargetOf(right));
    }

    /// <summary>Turns the second step of somebody on; the answer is the authenticator's key.</summary>
    internal static async Task<string> TurnOnAsync(Visitor visitor)
    {
        var key = await BeginAsync(visitor);
        using var confirmed = await visitor.FillInAsync(
            "/console/account",
            "totp-confirm",
            ("TotpCode", Totp.Of(key, steps: -1))
        );
        return key;
    }

    /// <summary>What a page that asks for a code needs to know.</summary>
    internal static string StepOn(string page) => Step().Match(page).Groups[1].Value;

    private static async Task<string> BeginAsync(Visitor visitor)
    {
        using var begun = await visitor.FillInAsync("/console/account", "totp-begin");
        return Key().Match(await begun.Content.ReadAsStringAsync()).Groups[1].Value;
    }

    private static async Task<string> FirstStepAsync(Visitor visitor)
    {
        using var answer = await visitor.SignInAsync("admin", Office.Password);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return StepOn(await answer.Content.ReadAsStringAsync());
    }

    private static Task<HttpResponseMessage> SecondStepAsync(Visitor visitor, string step, string code) =>
        visitor.FillInAsync("/console/sign-in", "code", ("Code.Step", step), ("Code.Code", code));

    [GeneratedRegex("<p><code>([A-Z2-7 ]+)</code></p>")]
    private static partial Regex Key();

    [GeneratedRegex("<li><code>([^<]+)</code></li>")]
    private static partial Regex Code();

    [GeneratedRegex("name=\"Code.Step\" value=\"([^\"]+)\"")]
    private static partial Regex Step();
}
