using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Postgres.Access;
using NurtureEngine.Postgres.Contents;
using NurtureEngine.Postgres.Facts;
using NurtureEngine.Postgres.Handoffs;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.Leads;
using NurtureEngine.Postgres.Migrations;
using NurtureEngine.Postgres.Outgoing;
using NurtureEngine.Postgres.People;
using NurtureEngine.Postgres.Reports;
using NurtureEngine.Postgres.Settings;
using NurtureEngine.Postgres.Touches;
using NurtureEngine.Postgres.Tracks;
using NurtureEngine.Postgres.WeChat;

namespace NurtureEngine.Postgres;

/// <summary>Registers the stores; the caller registers the <see cref="Npgsql.NpgsqlDataSource"/>.</summary>
public static class ServiceRegistration
{
    public static IServiceCollection AddNurturePostgres(this IServiceCollection services) =>
        services
            .AddSingleton<Partitions>()
            .AddSingleton<ApiKeyStore>()
            .AddSingleton<WebhookSourceStore>()
            .AddSingleton<InboxStore>()
            .AddSingleton<ImportStore>()
            .AddSingleton<FeedbackStore>()
            .AddSingleton<FactsStore>()
            .AddSingleton<LeadQueries>()
            .AddSingleton<StageStore>()
            .AddSingleton<LeadExport>()
            .AddSingleton<OpportunityQueries>()
            .AddSingleton<TrackStore>()
            .AddSingleton<TrackDefinitions>()
            .AddSingleton<DraftStore>()
            .AddSingleton<TrackFiles>()
            .AddSingleton<TrackMoves>()
            .AddSingleton<StepTallies>()
            .AddSingleton<AccessTokenStore>()
            .AddSingleton<FollowerImportStore>()
            .AddSingleton<TrialStore>()
            .AddSingleton<EnrollmentActs>()
            .AddSingleton<StepFigures>()
            .AddSingleton<EnrollmentStore>()
            .AddSingleton<EnrollmentQueries>()
            .AddSingleton<EnrollmentRecords>()
            .AddSingleton<PauseStore>()
            .AddSingleton<MomentStore>()
            .AddSingleton<ContentStore>()
            .AddSingleton<RulebookStore>()
            .AddSingleton<Installation>()
            .AddSingleton<PersonStore>()
            .AddSingleton<PersonAccessStore>()
            .AddSingleton<SignInAttempts>()
            .AddSingleton<SecondFactorStore>()
            .AddSingleton<InvitationStore>()
            .AddSingleton<PersonLoginStore>()
            .AddSingleton<SessionStore>()
            .AddSingleton<AuditLog>()
            .AddSingleton<HomeQueries>()
            .AddSingleton<TrackFigures>()
            .AddSingleton<Search>()
            .AddSingleton<LinkKeyStore>()
            .AddSingleton<ProtectionKeyStore>()
            .AddSingleton<TouchStore>()
            .AddSingleton<SendingStop>()
            .AddSingleton<SuppressionStore>()
            .AddSingleton<TouchApprovals>()
            .AddSingleton<TouchRecovery>()
            .AddSingleton<TouchSettle>()
            .AddSingleton<MessageStore>()
            .AddSingleton<Retention>()
            .AddSingleton<TouchQueries>()
            .AddSingleton<SlotQueries>()
            .AddSingleton<SlotStore>()
            .AddSingleton<TaskStore>()
            .AddSingleton<HandoffStore>()
            .AddSingleton<OutboxStore>()
            .AddSingleton<WorkChannel>()
            .AddSingleton<DevelopmentInbox>()
            .AddSingleton<Tallies>()
            .AddSingleton<TrackResults>()
            .AddSingleton<LaneRecovery>()
            .AddSingleton<BacklogStore>();
}
