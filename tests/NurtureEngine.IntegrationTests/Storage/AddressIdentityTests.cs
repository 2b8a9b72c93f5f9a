using Dapper;
using Npgsql;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.Postgres.Migrations;

namespace NurtureEngine.IntegrationTests.Storage;

/// <summary>What programs before schema version 12 stored by the spelling of an address is found by its identity.</summary>
public sealed class AddressIdentityTests(PostgresServer server)
{
    private const int Many = 12_000;

    private const string StoredSql = """
        INSERT INTO lead (id, address, fields, stamps, created_at, updated_at)
        SELECT n, lower(email), jsonb_build_object('email', email), '{}', now(), now()
          FROM (SELECT n, 'Lead-' || n || CASE n % 3 WHEN 0 THEN '@example.com' WHEN 1 THEN '@Example。com' ELSE '@exam' || chr(8203) || 'ple.com.' END AS email
                  FROM generate_series(1, @Many) AS n) AS w;
        INSERT INTO lead (id, address, fields, stamps, created_at, updated_at, merged_into)
        VALUES (@Many + 1, NULL, '{}', '{}', now(), now(), 1);
        INSERT INTO lead_identity (source, external_id, lead_id)
        VALUES ('email', 'lead-1@example。com', 1), ('email', 'lead-2@exam' || chr(8203) || 'ple.com.', 2), ('email', 'lead-2@example.com', 3), ('crm', 'x。y', 4);
        INSERT INTO account (id, fields, stamps, created_at, updated_at) VALUES (1, '{}', '{}', now(), now()), (2, '{}', '{}', now(), now());
        INSERT INTO account_identity (source, external_id, account_id)
        VALUES ('domain', 'bücher.example', 1), ('domain', 'acme.example', 2), ('crm', 'bücher.example', 2);
        INSERT INTO suppression (channel, address, reason, at)
        VALUES ('email', 'uma@example。com', 'unsubscribed', '2026-01-01'), ('email', 'uma@example.com', 'unsubscribed', '2026-03-01'),
               ('email', 'uma@example.com.', 'bounced', '2026-02-01'), ('email', 'vic@münchen.example', 'complained', '2026-02-02'),
               ('email', 'bo@example.com', 'unsubscribed', '2026-02-03'), ('wechat', 'uma@example。com', 'unsubscribed', '2026-02-04');
        INSERT INTO soft_bounce (channel, address, count, first_at, last_at)
        VALUES ('email', 'uma@example。com', 2, '2026-01-02', '2026-01-05'), ('email', 'uma@example.com', 1, '2026-01-01', '2026-01-03');
        INSERT INTO reservation (lead_id, touch_id, address, track_id, at)
        VALUES (1, gen_random_uuid(), 'lead-1@example。com', 1, now()), (3, gen_random_uuid(), 'lead-3@example.com', 1, now());
        INSERT INTO message (recorded_at, lead_id, touch_id, recipient, body, links)
        VALUES (now(), 1, gen_random_uuid(), 'lead-1@example。com', '', '{}')
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Stored_addresses_become_identities_however_often_the_host_is_killed(int passage)
    {
        var connectionString = await server.CreateEmptyAsync();
        await using (var database = NpgsqlDataSource.Create(connectionString + ";Pooling=false"))
        {
            await MigrationRunner.MigrateAsync(
                database,
                [.. Migration.All.Where(step => step.Number <= 11)],
                CancellationToken.None
            );
            await using var connection = await database.OpenConnectionAsync();
            await connection.ExecuteAsync(StoredSql, new { Many });
        }

        await using (var killed = HostProcess.StartServing(connectionString, "migration.addresses", passage))
        {
            Assert.NotEqual(0, await killed.ExitAsync());
        }

        await using var source = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
        await Eventually.TrueAsync(
            async () =>
                await ScalarAsync<long>(
                    source,
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                ) == 1,
            "the end of the killed host's session"
        );
        await using (var host = await HostProcess.ServeAsync(connectionString))
        {
            Assert.Equal(0, await host.StopAsync());
        }

        Assert.Equal(
            Many,
            await ScalarAsync<long>(
                source,
                "SELECT count(*) FROM lead_address WHERE channel = 'email' AND address = 'lead-' || lead_id || '@example.com'"
            )
        );
        Assert.Equal(Many, await ScalarAsync<long>(source, "SELECT count(*) FROM lead_address"));
        Assert.Equal(
            "bo@example.com unsubscribed 2026-02-03, uma@example.com bounced 2026-01-01, vic@xn--mnchen-3ya.example complained 2026-02-02",
            await ScalarAsync<string>(
                source,
                "SELECT string_agg(address || ' ' || reason || ' ' || at::date, ', ' ORDER BY address) FROM suppression WHERE channel = 'email'"
            )
        );
        Assert.Equal(
            "uma@example.com 3 2026-01-01 2026-01-05",
            await ScalarAsync<string>(
                source,
                "SELECT string_agg(address || ' ' || count || ' ' || first_at::date || ' ' || last_at::date, ', ') FROM soft_bounce"
            )
        );
        Assert.Equal(
            "lead-1@example.com, lead-3@example.com",
            await ScalarAsync<string>(source, "SELECT string_agg(address, ', ' ORDER BY address) FROM reservation")
        );
        Assert.Equal("lead-1@example.com", await ScalarAsync<string>(source, "SELECT recipient FROM message"));
        Assert.Equal(
            "crm bücher.example, domain acme.example, domain xn--bcher-kva.example",
            await ScalarAsync<string>(
                source,
                "SELECT string_agg(source || ' ' || external_id, ', ' ORDER BY source, external_id) FROM account_identity"
            )
        );
        // No name is taken from a lead, and none becomes another's.
        Assert.Equal(
            "1:lead-1@example.com 3:lead-2@example.com 4:x。y",
            await ScalarAsync<string>(
                source,
                "SELECT string_agg(lead_id || ':' || external_id, ' ' ORDER BY lead_id) FROM lead_identity WHERE lead_id <> 2"
            )
        );
        Assert.Equal(1, await ScalarAsync<long>(source, "SELECT count(*) FROM lead_identity WHERE lead_id = 2"));
    }

    [Fact]
    public async Task Companies_of_a_database_that_was_upgraded_before_are_found_by_their_domains()
    {
        await using var database = NpgsqlDataSource.Create(await server.CreateEmptyAsync() + ";Pooling=false");
        await MigrationRunner.MigrateAsync(
            database,
            [.. Migration.All.Where(step => step.Number <= 13)],
            CancellationToken.None
        );
        await using (var connection = await database.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO account (id, fields, stamps, created_at, updated_at) SELECT n, '{}', '{}', now(), now() FROM generate_series(1, 3) AS n;
                INSERT INTO account_identity (source, external_id, account_id)
                VALUES ('domain', 'bücher.example', 1), ('domain', 'münchen.example', 2), ('domain', 'xn--mnchen-3ya.example', 3), ('crm', 'bücher.example', 2)
                """
            );
        }

        await MigrationRunner.MigrateAsync(database, CancellationToken.None);

        // Two companies by one domain are not merged.
        Assert.Equal(
            "1 domain xn--bcher-kva.example, 2 crm bücher.example, 2 domain münchen.example, 3 domain xn--mnchen-3ya.example",
            await ScalarAsync<string>(
                database,
                "SELECT string_agg(account_id || ' ' || source || ' ' || external_id, ', ' ORDER BY account_id, source) FROM account_identity"
            )
        );
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlDataSource source, string sql)
    {
        await using var connection = await source.OpenConnectionAsync();
        return (await connection.ExecuteScalarAsync<T>(sql))!;
    }
}
