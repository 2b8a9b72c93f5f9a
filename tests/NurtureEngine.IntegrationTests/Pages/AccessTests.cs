using System.Net;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Core.People;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>Which pages open for which roles: one table, held against every page that there is, and every page against it.</summary>
public sealed class AccessTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly string[] Everybody = [.. Roles.All];
    private static readonly string[] Designers = [.. Roles.MayDesign];
    private static readonly string[] Operators = [Roles.Administrator, Roles.Operator];
    private static readonly string[] Administrators = [Roles.Administrator];

    // By the page's own address; an example stands for what the address leaves open.
    private static readonly Dictionary<string, (string Example, string[] Roles)> Table = new()
    {
        ["/console"] = ("/console", Everybody),
        ["/console/_parts"] = ("/console/_parts", Administrators),
        ["/console/account"] = ("/console/account", Everybody),
        ["/console/audit"] = ("/console/audit", Administrators),
        ["/console/denied"] = ("/console/denied", Everybody),
        ["/console/health"] = ("/console/health", Operators),
        ["/console/leads/{Id:long}"] = ("/console/leads/1", Everybody),
        ["/console/people"] = ("/console/people", Administrators),
        ["/console/search"] = ("/console/search?q=ann", Everybody),
        ["/console/sending"] = ("/console/sending", Operators),
        ["/console/tracks"] = ("/console/tracks", Everybody),
        ["/console/enrollments"] = ("/console/enrollments", Everybody),
        ["/console/enrollments/{Id}"] = ("/console/enrollments/e1-1", Everybody),
        ["/console/tracks/new"] = ("/console/tracks/new", Designers),
        ["/console/tracks/{Id}/file"] = ("/console/tracks/welcome/file", Designers),
        ["/console/manual/{Name}"] = ("/console/manual/tracks", Everybody),
        ["/console/tracks/{Id}/flow"] = ("/console/tracks/welcome/flow", Everybody),
        ["/console/tracks/{Id}/try"] = ("/console/tracks/welcome/try", Everybody),
        ["/console/tracks/{Id}/journeys"] = ("/console/tracks/welcome/journeys", Designers),
        ["/console/tracks/{Id}/publish"] = ("/console/tracks/welcome/publish", Designers),
        ["/console/tracks/{Id}/versions/{Number:int}"] = ("/console/tracks/welcome/versions/1", Everybody),
        ["/console/tracks/{Id}"] = ("/console/tracks/welcome", Everybody),
        ["/console/tracks/{Id}/drawing"] = ("/console/tracks/welcome/drawing", Everybody),
        ["/console/contents/{version:int}/{language}"] = ("/console/contents/1/en", Everybody),
    };

    // Anybody may ask for these, signed in or not; below /dev, where no e-mail leaves, whoever sits at the machine.
    private static readonly string[] Open =
    [
        "/console/sign-in",
        "/console/forgot",
        "/console/invitation/{Token}",
        "/dev/inbox",
        "/dev/inbox/leads",
        "/dev/inbox/tracks",
        "/dev/inbox/{Id:long}",
        "/dev/leads/{Id:long}",
    ];

    private Office _office = null!;

    public async ValueTask InitializeAsync() => _office = await Office.OpenAsync(server);

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public void Every_page_is_in_the_table_and_every_line_of_it_is_a_page()
    {
        var pages = _office
            .Host.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Append("/console/contents/{version:int}/{language}");

        Assert.Equal(
            Table.Keys.Concat(Open).Order(StringComparer.Ordinal),
            pages.Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData(Roles.Administrator)]
    [InlineData(Roles.Marketer)]
    [InlineData(Roles.Reviewer)]
    [InlineData(Roles.Sales)]
    [InlineData(Roles.Operator)]
    [InlineData(Roles.Reader)]
    public async Task A_page_opens_for_the_roles_that_the_table_names_and_for_no_other(string role)
    {
        using var person = await _office.HireAsync("somebody", role);
        var wrong = new List<string>();
        foreach (var (page, (example, roles)) in Table)
        {
            using var answer = await person.GetAsync(example);
            var isDenied =
                answer.StatusCode == HttpStatusCode.Found
                && answer.Headers.Location!.ToString().Contains("/console/denied", StringComparison.Ordinal);
            if (isDenied == roles.Contains(role) || (!isDenied && (int)answer.StatusCode is not (200 or 404)))
            {
                wrong.Add($"{page}: {(int)answer.StatusCode} for {role}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Without_a_sign_in_no_page_of_the_table_opens()
    {
        using var stranger = new Visitor(_office.Host);
        var open = new List<string>();
        foreach (var (page, (example, _)) in Table)
        {
            using var answer = await stranger.GetAsync(example);
            if (
                answer.StatusCode != HttpStatusCode.Found
                || !answer.Headers.Location!.ToString().Contains("/console/sign-in", StringComparison.Ordinal)
            )
            {
                open.Add(page);
            }
        }

        Assert.Empty(open);
    }

    [Theory]
    [InlineData(Roles.Marketer, "/console/sending", "stop-email")]
    [InlineData(Roles.Sales, "/console/people", "add")]
    [InlineData(Roles.Reader, "/console/tracks/welcome", "settings")]
    public async Task A_form_that_is_not_shown_can_not_be_sent_either(string role, string page, string form)
    {
        using var person = await _office.HireAsync("somebody", role);
        using var answer = await person.PostAsync(
            page,
            ("_handler", form),
            ("__RequestVerificationToken", await person.TokenOfAsync("/console/account")),
            ("Reason", "none"),
            ("UserName", "mallory"),
            ("Chosen", Roles.Administrator),
            ("Form.Version", "1"),
            ("Form.Priority", "99")
        );

        Assert.NotEqual(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM sending_stop"));
        Assert.Equal(2, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM person"));
        Assert.Equal(1, await _office.Host.ScalarAsync<int>("SELECT max(number) FROM track_version"));
    }
}
