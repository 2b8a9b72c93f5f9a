using System.Text.RegularExpressions;
using NurtureEngine.Core.People;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>People choose their password by a link in a mail.</summary>
public sealed partial class InvitationTests(PostgresServer server) : IAsyncLifetime
{
    private const string Chosen = "a pass phrase that is hard to guess";

    private Office _office = null!;

    public async ValueTask InitializeAsync() => _office = await Office.OpenAsync(server);

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public async Task Whoever_is_added_with_an_address_chooses_their_password_by_the_mail_once()
    {
        using var added = await AddAsync("eve", "eve@example.org");
        var link = await LinkAsync();
        using var eve = new Visitor(_office.Host);
        using var weak = await eve.FillInAsync(link, "choose", ("Form.Next", "short"), ("Form.Again", "short"));
        using var chosen = await eve.FillInAsync(link, "choose", ("Form.Next", Chosen), ("Form.Again", Chosen));
        using var signedIn = await eve.SignInAsync("eve", Chosen);
        var again = await eve.ReadAsync(link);

        Assert.Contains("mailed to eve@example.org", await added.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("too short", await weak.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("/console/sign-in?done=chosen", eve.TargetOf(chosen));
        Assert.Equal("/console", eve.TargetOf(signedIn));
        Assert.Contains("used or is too old", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_who_hold_the_link_at_once_choose_one_password()
    {
        using var added = await AddAsync("eve", "eve@example.org");
        var link = await LinkAsync();
        using var eve = new Visitor(_office.Host);
        var token = await eve.TokenOfAsync(link);
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(i =>
                    eve.PostAsync(
                        link,
                        ("_handler", "choose"),
                        ("__RequestVerificationToken", token),
                        ("Form.Next", $"{Chosen} {i}"),
                        ("Form.Again", $"{Chosen} {i}")
                    )
                )
        );

        Assert.Single(answers, answer => answer.Headers.Location is not null);
    }

    [Fact]
    public async Task A_forgotten_password_is_mailed_a_link_and_nobody_learns_who_there_is()
    {
        using var added = await AddAsync("eve", "eve@example.org");
        var first = await LinkAsync();
        // Whoever was written to a moment ago is not written to again.
        await _office.Host.ExecuteAsync("UPDATE invitation SET created_at = created_at - interval '10 minutes'");
        using var stranger = new Visitor(_office.Host);
        using var known = await stranger.FillInAsync("/console/forgot", "forgot", ("Name", "EVE@example.org"));
        using var unknown = await stranger.FillInAsync("/console/forgot", "forgot", ("Name", "nobody@example.org"));
        await Eventually.TrueAsync(async () => await LinkAsync() != first, "the mail with the second link");
        var second = await LinkAsync();

        Assert.Equal(
            TextOf(await known.Content.ReadAsStringAsync()),
            TextOf(await unknown.Content.ReadAsStringAsync())
        );
        // The newer link replaces the older one.
        Assert.Contains("used or is too old", await stranger.ReadAsync(first), StringComparison.Ordinal);
        Assert.Contains("Choose this password", await stranger.ReadAsync(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asking_for_another_link_neither_shortens_an_invitation_nor_fills_a_mailbox()
    {
        using var added = await AddAsync("eve", "eve@example.org");
        await _office.Host.ExecuteAsync("UPDATE invitation SET created_at = created_at - interval '10 minutes'");
        var first = await LinkAsync();
        using var stranger = new Visitor(_office.Host);
        using var asked = await stranger.FillInAsync("/console/forgot", "forgot", ("Name", "eve"));
        await Eventually.TrueAsync(async () => await LinkAsync() != first, "the second mail");
        var store = new InvitationStore(_office.Host.Database);

        Assert.True(
            await _office.Host.ScalarAsync<bool>(
                "SELECT expires_at > clock_timestamp() + interval '6 days' FROM invitation"
            )
        );
        Assert.False(await AddLinkAsync(store, "eve@example.org", TimeSpan.FromMinutes(2)));
        Assert.True(await AddLinkAsync(store, "eve@example.org", TimeSpan.Zero));
    }

    [Theory]
    [InlineData("another address")]
    [InlineData("other roles")]
    [InlineData("a one-time password")]
    public async Task A_link_ends_with_what_was_true_when_it_was_mailed(string change)
    {
        using var added = await AddAsync("eve", "eve@example.org");
        var link = await LinkAsync();
        var id = await _office.IdAsync("eve");
        using var changed = change switch
        {
            "another address" => await _office.Admin.FillInAsync(
                "/console/people",
                $"details-{id}",
                ("Form.Email", "eva@example.org")
            ),
            "other roles" => await _office.Admin.FillInAsync("/console/people", $"roles-{id}", ("Chosen", Roles.Sales)),
            _ => await _office.Admin.FillInAsync("/console/people", $"reset-{id}"),
        };
        using var eve = new Visitor(_office.Host);

        Assert.Contains("used or is too old", await eve.ReadAsync(link), StringComparison.Ordinal);
        // Nor can one be made for where the person is not any more.
        Assert.Equal(
            change != "another address",
            await AddLinkAsync(new InvitationStore(_office.Host.Database), "eve@example.org", TimeSpan.Zero)
        );
    }

    [Fact]
    public async Task A_link_that_is_too_old_says_so()
    {
        using var added = await AddAsync("eve", "eve@example.org");
        var link = await LinkAsync();
        await _office.Host.ExecuteAsync("UPDATE invitation SET expires_at = clock_timestamp()");
        using var eve = new Visitor(_office.Host);

        Assert.Contains("used or is too old", await eve.ReadAsync(link), StringComparison.Ordinal);
        Assert.Contains(
            "used or is too old",
            await eve.ReadAsync("/console/invitation/made-up"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("no address", "no e-mail address")]
    [InlineData("eve@example.org", "has this e-mail address")]
    public async Task An_address_that_will_not_do_adds_nobody(string email, string why)
    {
        using var first = await AddAsync("eve", "eve@example.org");
        using var second = await AddAsync("eva", email);

        Assert.Contains(why, await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(2, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM person"));
    }

    private async Task<bool> AddLinkAsync(InvitationStore store, string address, TimeSpan quiet) =>
        await store.AddAsync(
            await _office.IdAsync("eve"),
            address,
            [1, 2, 3],
            TimeSpan.FromHours(1),
            quiet,
            entry: null,
            CancellationToken.None
        );

    private Task<HttpResponseMessage> AddAsync(string userName, string email) =>
        _office.Admin.FillInAsync(
            "/console/people",
            "add",
            ("UserName", userName),
            ("Email", email),
            ("Chosen", Roles.Reader)
        );

    private async Task<string> LinkAsync() =>
        Link()
            .Match(
                await _office.Host.ScalarAsync<string>(
                    "SELECT COALESCE((SELECT text FROM development_inbox WHERE recipient = 'eve@example.org' ORDER BY id DESC LIMIT 1), '')"
                )
            )
            .Value;

    private static string TextOf(string page) =>
        Tag().Replace(page[page.IndexOf("<main", StringComparison.Ordinal)..], "");

    [GeneratedRegex("/console/invitation/[A-Za-z0-9_-]+")]
    private static partial Regex Link();

    [GeneratedRegex("<[^>]*>|value=\"[^\"]*\"")]
    private static partial Regex Tag();
}
