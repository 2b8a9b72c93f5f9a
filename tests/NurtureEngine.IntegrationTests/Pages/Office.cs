using System.Text.RegularExpressions;
using NurtureEngine.Host.Identity;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.Access;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>A host with an administrator who is signed in, and who lets others in.</summary>
internal sealed partial class Office : IAsyncDisposable
{
    /// <summary>What everybody chooses as a password.</summary>
    public const string Password = "a long pass phrase of my own";

    private Office(TestHost host, string database) => (Host, Database) = (host, database);

    public TestHost Host { get; }

    /// <summary>The connection string, for a second host.</summary>
    public string Database { get; }

    public Visitor Admin { get; private set; } = null!;

    public static async Task<Office> OpenAsync(
        PostgresServer server,
        IReadOnlyDictionary<string, string?>? settings = null,
        TestClock? machineClock = null,
        bool hasShippedTracks = false
    )
    {
        var database = await server.CloneAsync();
        var office = new Office(
            await TestHost.StartAsync(
                database,
                settings: settings,
                machineClock: machineClock,
                workflows: hasShippedTracks ? Path.Combine(Repository.Root, "workflows") : null,
                templates: hasShippedTracks ? Path.Combine(Repository.Root, "templates") : null
            ),
            database
        );
        office.Admin = await office.SignedInAsync("admin", (await office.Host.FirstPasswordAsync())!);
        return office;
    }

    /// <summary>Lets leads become MQL one after the other, and does all that follows at once.</summary>
    public async Task EnterAsync(params string[] leads)
    {
        var crm = await Crm.ForAsync(Host.Http, Host.Database);
        foreach (var lead in leads)
        {
            using var fired = await crm.FireAsync(Crm.StageChange(lead, "MQL", Host.Clock.GetUtcNow()));
        }

        await Host.DrainAsync();
    }

    /// <summary>Adds a person; the answer is their one-time password.</summary>
    public async Task<string> AddAsync(string userName, params string[] roles) =>
        await PasswordAsync(
            await Admin.FillInAsync(
                "/console/people",
                "add",
                [("UserName", userName), .. roles.Select(role => ("Chosen", role))]
            )
        );

    /// <summary>Resets a person's password to a new one-time password.</summary>
    public async Task<string> PasswordAsync(string userName) =>
        await PasswordAsync(await Admin.FillInAsync("/console/people", $"reset-{await IdAsync(userName)}"));

    /// <summary>The one-time password that an answer shows.</summary>
    public static async Task<string> PasswordAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            return Code().Match(await answer.Content.ReadAsStringAsync()).Groups[1].Value;
        }
    }

    public Task<long> IdAsync(string userName) =>
        Host.ScalarAsync<long>("SELECT id FROM person WHERE user_name = @userName", new { userName });

    /// <summary>Somebody who has signed in by a one-time password and chosen their own.</summary>
    public async Task<Visitor> SignedInAsync(string userName, string password)
    {
        var visitor = new Visitor(Host);
        await visitor.SignInAsync(userName, password);
        await visitor.FillInAsync(
            "/console/account",
            "password",
            ("Form.Current", password),
            ("Form.Next", Password),
            ("Form.Again", Password)
        );
        return visitor;
    }

    /// <summary>Adds a person with a role and signs them in.</summary>
    public async Task<Visitor> HireAsync(string userName, params string[] roles) =>
        await SignedInAsync(userName, await AddAsync(userName, roles));

    /// <summary>A client of the API with a key of a person that may do everything; null makes a key of nobody.</summary>
    public async Task<HttpClient> ApiOfAsync(string? userName)
    {
        var key = ApiKeys.New();
        await new ApiKeyStore(Host.Database).AddAsync(
            $"key of {userName}",
            ApiKeys.HashOf(key),
            [Scopes.Admin],
            userName is null ? null : await IdAsync(userName),
            Host.Clock.GetUtcNow(),
            CancellationToken.None
        );
        var http = new HttpClient { BaseAddress = Host.Http.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Host.DisposeAsync();
    }

    [GeneratedRegex("<code>([^<]+)</code>")]
    private static partial Regex Code();
}
