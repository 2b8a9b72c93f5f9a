using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Core.Reports;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.Reports;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>What people type into the search box, and what they find.</summary>
public sealed class SearchTests(PostgresServer server) : IAsyncLifetime
{
    private TestHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync(await server.CloneAsync());
        var crm = await Crm.ForAsync(_host.Http, _host.Database);
        foreach (
            var (lead, name) in new[]
            {
                ("anna", "Anna Schmidt"),
                ("wang", "王小明"),
                ("joe", "100% Joe_"),
                ("oko", "Ökotec"),
                ("li", "李𠮷"),
            }
        )
        {
            var body = Crm.StageChange(lead, "RL", _host.Clock.GetUtcNow(), tier: "T2");
            body["data"]!["lead"]!["name"] = name;
            (await crm.FireAsync(body)).EnsureSuccessStatusCode();
        }

        await _host.DrainAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("anna schm", "Anna Schmidt")]
    [InlineData("ANNA@EX", "Anna Schmidt")]
    [InlineData("anna", "Anna Schmidt")]
    [InlineData("王", "王小明")]
    [InlineData("王小", "王小明")]
    [InlineData("100% j", "100% Joe_")]
    [InlineData("Ökot", "Ökotec")]
    [InlineData("李", "李𠮷")]
    [InlineData("100_", "")]
    [InlineData("a", "")]
    [InlineData("schmidt", "")]
    [InlineData("an\0na", "")]
    public async Task Leads_are_found_by_the_beginning_of_a_name_or_an_address(string typed, string names)
    {
        var found = await FindAsync(typed, LeadReach.All);

        Assert.Equal(names, string.Join(", ", found.Leads.Select(lead => lead.Name)));
    }

    [Fact]
    public async Task Companies_are_found_by_the_beginning_of_their_name_of_leads_that_the_reader_sees()
    {
        Assert.Equal(5, (await FindAsync("acm", LeadReach.All)).Accounts.Count);
        Assert.Empty((await FindAsync("acm", LeadReach.None)).Accounts);
        Assert.Empty((await FindAsync("anna", LeadReach.None)).Leads);
    }

    private Task<SearchResult> FindAsync(string typed, LeadReach reach) =>
        _host.Services.GetRequiredService<Search>().FindAsync(typed, reach, CancellationToken.None);
}
