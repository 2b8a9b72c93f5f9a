using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Npgsql;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Host.WeChat;
using NurtureEngine.Postgres.Migrations;

namespace NurtureEngine.Host.Scheduling.Jobs;

/// <summary>Registers Hangfire over the host's database, with what it calls.</summary>
internal static class JobsRegistration
{
    // Its threads are few, and each takes one for a moment; hosts share the server's.
    private const int MostConnections = 20;

    /// <summary>The turn that keeps jobs going, and the servers that work on them.</summary>
    public static IServiceCollection AddJobLoops(this IServiceCollection services) =>
        services
            .AddHostedService<TurnLoop<SlotTurn>>()
            .AddHostedService<TurnLoop<DutyRoster>>()
            .AddHostedService<JobServers>();

    /// <summary>What jobs are made with, and what they call.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, string connectionString) =>
        services
            // Of this host, not of the process: Hangfire's own are static.
            .AddSingleton<JobStorage>(_ => StorageOn(connectionString))
            .AddSingleton<JobActivator>(provider => new AspNetCoreJobActivator(
                provider.GetRequiredService<IServiceScopeFactory>()
            ))
            .AddHangfire(
                (_, hangfire) =>
                    hangfire
                        .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
                        .UseSimpleAssemblyNameTypeSerializer()
                        .UseRecommendedSerializerSettings()
            )
            .AddSingleton<PartitionsTurn>()
            .AddSingleton<RetentionTurn>()
            .AddSingleton<LanesTurn>()
            .AddSingleton<TallyTurn>()
            .AddSingleton<WeChatTurn>()
            .AddDuty<PartitionsTurn>("10 3 * * *", TimeSpan.FromDays(1))
            .AddDuty<RetentionTurn>("40 3 * * *", TimeSpan.FromDays(1))
            .AddDuty<LanesTurn>("25 * * * *", TimeSpan.FromHours(1))
            .AddDuty<TallyTurn>("* * * * *", TimeSpan.FromMinutes(1))
            .AddDuty<WeChatTurn>("* * * * *", TimeSpan.FromMinutes(1))
            .AddDuty<MomentsWorker>("* * * * *", TimeSpan.FromMinutes(1))
            .AddSingleton<DutyRoster>()
            .AddSingleton<SlotTurn>()
            .AddTransient<DutyJob>()
            .AddTransient<SendSlotJob>();

    private static IServiceCollection AddDuty<TTurn>(this IServiceCollection services, string cron, TimeSpan every)
        where TTurn : class, ITurn =>
        services.AddSingleton(provider =>
        {
            var turn = provider.GetRequiredService<TTurn>();
            return new Duty(turn.Name, cron, every, turn);
        });

    // Its connections are its own: what it does is never part of a transaction of ours.
    private static PostgreSqlStorage StorageOn(string connectionString)
    {
        var options = new PostgreSqlStorageOptions
        {
            SchemaName = HangfireSchema.Name,
            PrepareSchemaIfNecessary = false,
            QueuePollInterval = TimeSpan.FromSeconds(1),
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = TimeSpan.FromSeconds(15),
            // What a killed host held is free again after this; nothing that is locked takes nearly as long.
            DistributedLockTimeout = TimeSpan.FromSeconds(15),
            JobExpirationCheckInterval = TimeSpan.FromMinutes(5),
            AllowDegradedModeWithoutStorage = false,
            StartupConnectionMaxRetries = 2,
        };
        var own = new NpgsqlConnectionStringBuilder(connectionString) { Enlist = false };
        own.MaxPoolSize = Math.Min(own.MaxPoolSize, MostConnections);
        own.MinPoolSize = 0;
        return new PostgreSqlStorage(new NpgsqlConnectionFactory(own.ConnectionString, options), options);
    }
}
