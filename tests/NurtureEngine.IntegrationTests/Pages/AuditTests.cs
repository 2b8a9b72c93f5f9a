using System.Net;
using System.Net.Http.Json;
using NurtureEngine.Core.People;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>An act and its entry in the audit log are written together, or neither is.</summary>
public sealed class AuditTests(PostgresServer server) : IAsyncLifetime
{
    private Office _office = null!;

    public async ValueTask InitializeAsync() => _office = await Office.OpenAsync(server);

    public async ValueTask DisposeAsync() => await _office.DisposeAsync();

    [Theory]
    [InlineData("add", "SELECT count(*) FROM person")]
    [InlineData("roles", "SELECT count(*) FROM person_role")]
    [InlineData("details", "SELECT count(*) FROM person WHERE team IS NOT NULL")]
    [InlineData("reset", "SELECT count(*) FROM person WHERE must_change")]
    [InlineData("stop", "SELECT count(*) FROM sending_stop")]
    [InlineData("track", "SELECT count(*) FROM track_version")]
    [InlineData("sign-in", "SELECT count(*) FROM session")]
    public async Task Without_its_entry_an_act_does_not_happen(string act, string count)
    {
        using var eve = await _office.HireAsync("eve", Roles.Sales);
        await _office.Host.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no entry'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION refuse()
            """
        );
        var before = await _office.Host.ScalarAsync<long>(count);
        using var refused = await ActAsync(act);
        var between = await _office.Host.ScalarAsync<long>(count);
        await _office.Host.ExecuteAsync("DROP TRIGGER refuse ON audit");
        using var done = await ActAsync(act);

        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Equal(before, between);
        Assert.NotEqual(before, await _office.Host.ScalarAsync<long>(count));
    }

    [Fact]
    public async Task What_is_done_by_the_API_is_in_the_log_under_the_name_of_the_key()
    {
        using var api = await _office.ApiOfAsync(null);
        using var stopped = await api.PostAsJsonAsync("/api/sending/email/stop", new { reason = "a test" });
        using var released = await api.PostAsync("/api/sending/email/release", content: null);

        Assert.Equal(
            "key/key of  sending.stopped channel/email, key/key of  sending.released channel/email",
            await _office.Host.ScalarAsync<string>(
                "SELECT string_agg(actor || ' ' || act || ' ' || subject, ', ' ORDER BY id) FROM audit WHERE act LIKE 'sending.%'"
            )
        );
    }

    private async Task<HttpResponseMessage> ActAsync(string act)
    {
        var eve = await _office.IdAsync("eve");
        return act switch
        {
            "add" => await People("add", ("UserName", "mia"), ("Chosen", Roles.Sales)),
            "roles" => await People($"roles-{eve}", ("Chosen", Roles.Sales), ("Chosen", Roles.Marketer)),
            "details" => await People($"details-{eve}", ("Form.Team", "north")),
            "reset" => await People($"reset-{eve}"),
            "stop" => await _office.Admin.FillInAsync("/console/sending", "stop-email", ("Reason", "a test")),
            "track" => await _office.Admin.FillInAsync(
                "/console/tracks/welcome",
                "settings",
                ("Form.Version", "1"),
                ("Form.Priority", "71")
            ),
            _ => await SignInAsync(),
        };
    }

    private Task<HttpResponseMessage> People(string form, params (string, string)[] fields) =>
        _office.Admin.FillInAsync("/console/people", form, fields);

    private async Task<HttpResponseMessage> SignInAsync()
    {
        using var visitor = new Visitor(_office.Host);
        return await visitor.SignInAsync("eve", Office.Password);
    }
}
