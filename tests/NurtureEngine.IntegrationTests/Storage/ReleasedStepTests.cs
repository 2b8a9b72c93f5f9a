using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.Migrations;

namespace NurtureEngine.IntegrationTests.Storage;

/// <summary>Steps of the schema that are released: they stay as they are, and bring databases of earlier programs up to date.</summary>
public sealed class ReleasedStepTests(PostgresServer server)
{
    [Theory]
    [InlineData("0001_leads", "2d39c225c6354750")]
    [InlineData("0002_intake", "9aef71be767133b5")]
    [InlineData("0003_tracks", "2fa164d452cee3d3")]
    [InlineData("0004_touches", "bab4701e3e28e292")]
    [InlineData("0005_settings", "bf0286913e9f47f6")]
    [InlineData("0006_flows", "d8445bf09d56d875")]
    [InlineData("0007_waits", "d27cf5e2b342ec3a")]
    [InlineData("0008_dispatch", "71b7ad4c8a065c04")]
    [InlineData("0009_intake", "8f48cccb1a912b66")]
    [InlineData("0010_crossings", "e777ad3def69479b")]
    [InlineData("0011_language", "b4067c555054df3c")]
    [InlineData("0012_lead_address", "05b616131280122d")]
    [InlineData("0013_address_identity", "27886236945866b2")]
    [InlineData("0014_aside", "7ba2b657e0bb9c15")]
    [InlineData("0015_slots", "121e77b1e0ea51b7")]
    [InlineData("0016_company_domains", "0275d9cda2ce7127")]
    [InlineData("0017_send_slots", "bd8c8b18061b9a6b")]
    [InlineData("0018_claim_by_channel", "1c215b893b679d47")]
    [InlineData("0019_open_touches", "959e87c0ff93e812")]
    [InlineData("0020_protection_keys", "5900dc4fe811cc85")]
    [InlineData("0021_people", "dc25668ce3642ce0")]
    [InlineData("0022_indexes", "84a0b5face53b2e6")]
    [InlineData("0023_person_details", "b6e67349db4afabe")]
    [InlineData("0024_more_indexes", "1dd5aa444c95a05d")]
    [InlineData("0025_one_link_each", "09ed699f9e9840dd")]
    [InlineData("0026_track_drafts", "827ed6138132911f")]
    [InlineData("0027_track_moves", "3674508b23cd0373")]
    public void A_released_step_is_never_changed(string name, string hash)
    {
        Assert.StartsWith(
            hash,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(StepNamed(name)))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_database_of_the_first_release_is_upgraded_with_what_it_holds()
    {
        var connectionString = await server.CreateEmptyAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await ExecuteAsync(
            database,
            "CREATE TABLE schema_migration (number integer PRIMARY KEY, name text NOT NULL, hash bytea NOT NULL, min_program integer NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
        );
        foreach (var name in new[] { "0001_leads", "0002_intake", "0003_tracks", "0004_touches", "0005_settings" })
        {
            await ExecuteAsync(database, StepNamed(name));
            await ExecuteAsync(
                database,
                "INSERT INTO schema_migration (number, name, hash, min_program) VALUES (@number, @name, sha256(convert_to(@sql, 'UTF8')), 1)",
                new
                {
                    number = int.Parse(name[..4], CultureInfo.InvariantCulture),
                    name = name[5..],
                    sql = StepNamed(name),
                }
            );
        }

        await ExecuteAsync(
            database,
            "INSERT INTO task (lead_id, id, kind, state, created_at) SELECT n, gen_random_uuid(), 'bespoke_email', state, now() FROM unnest(ARRAY['open', 'done']) WITH ORDINALITY AS w (state, n)"
        );
        await using var host = await TestHost.StartAsync(connectionString, migrate: true);
        await host.SetCadenceAsync("{}");
        var crm = await Crm.ForAsync(host.Http, host.Database);
        await crm.FireAsync(Crm.StageChange("ann", "MQL", host.Clock.GetUtcNow()));
        await host.DrainAsync();

        Assert.Equal("accepted", await host.ScalarAsync<string>("SELECT max(state) FROM touch"));
        Assert.Equal(
            "open f, done t",
            await host.ScalarAsync<string>(
                "SELECT string_agg(state || ' ' || left((closed_at IS NOT NULL)::text, 1), ', ' ORDER BY lead_id) FROM task"
            )
        );
    }

    [Fact]
    public async Task Of_several_links_of_a_person_the_latest_stays_and_unclear_logins_go()
    {
        await using var database = NpgsqlDataSource.Create(await server.CreateEmptyAsync());
        await MigrationRunner.MigrateAsync(
            database,
            [.. Migration.All.Where(migration => migration.Number <= 23)],
            CancellationToken.None
        );
        await ExecuteAsync(
            database,
            """
            INSERT INTO person (user_name, user_name_key, must_change, security_stamp, version, created_at)
            SELECT name, upper(name), false, '', gen_random_uuid(), now() FROM unnest(ARRAY['ann', 'bob']) AS name;
            INSERT INTO invitation (token_hash, person_id, expires_at)
            SELECT sha256((p.user_name || n)::bytea), p.id, timestamptz '2026-11-28' + n * interval '1 hour'
              FROM person p CROSS JOIN generate_series(1, 3) AS n WHERE p.user_name = 'ann' OR n = 3;
            INSERT INTO person_login (issuer, subject, person_id)
            SELECT 'https://login', p.user_name || n, p.id FROM person p CROSS JOIN generate_series(1, 2) AS n WHERE p.user_name = 'ann' OR n = 1
            """
        );

        await MigrationRunner.MigrateAsync(database, CancellationToken.None);

        await using var connection = await database.OpenConnectionAsync();
        Assert.Equal(
            "ann 03, bob 03",
            await connection.ExecuteScalarAsync<string>(
                "SELECT string_agg(user_name || to_char(expires_at, ' HH24'), ', ' ORDER BY user_name) FROM invitation JOIN person ON id = person_id"
            )
        );
        Assert.Equal(
            "bob1",
            await connection.ExecuteScalarAsync<string>("SELECT string_agg(subject, ', ') FROM person_login")
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Steps_are_counted_from_the_day_after_the_upgrade_where_leads_were_in_tracks_before(
        bool hasEnrollment
    )
    {
        await using var database = NpgsqlDataSource.Create(await server.CreateEmptyAsync());
        await MigrationRunner.MigrateAsync(
            database,
            [.. Migration.All.Where(migration => migration.Number <= 27)],
            CancellationToken.None
        );
        if (hasEnrollment)
        {
            await ExecuteAsync(
                database,
                """
                INSERT INTO lead (fields, stamps, created_at, updated_at) VALUES ('{}', '{}', now(), now());
                INSERT INTO track (definition_id, created_at) VALUES ('t', now());
                INSERT INTO track_version (track_id, number, hash, definition, is_current, program, published_at)
                SELECT id, 1, '', '{}', true, 27, now() FROM track;
                INSERT INTO enrollment (lead_id, track_id, track_version_id, state, due_at, entered_at, tokens)
                SELECT l.id, v.track_id, v.id, 0, now(), now(), '' FROM lead l CROSS JOIN track_version v
                """
            );
        }

        await MigrationRunner.MigrateAsync(database, CancellationToken.None);

        await using var connection = await database.OpenConnectionAsync();
        Assert.Equal(
            hasEnrollment ? "true" : "none",
            await connection.ExecuteScalarAsync<string>(
                "SELECT COALESCE((counts_from > (now() AT TIME ZONE 'UTC')::date)::text, 'none') FROM step_tally_start"
            )
        );
    }

    private static string StepNamed(string name)
    {
        var assembly = typeof(MigrationRunner).Assembly;
        var resource = assembly
            .GetManifestResourceNames()
            .Single(resource => resource.EndsWith($"{name}.sql", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, object? parameters = null)
    {
        await using var connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }
}
