using System.Text.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using NurtureEngine.Channels.Alerts;
using NurtureEngine.Channels.Email;
using NurtureEngine.Channels.Email.Smtp;
using NurtureEngine.Channels.Http;
using NurtureEngine.Channels.Webhooks;
using NurtureEngine.Channels.WeChat;
using NurtureEngine.Core.Channels;
using NurtureEngine.Core.Gates;
using NurtureEngine.Host.Api;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Development;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Identity.Keys;
using NurtureEngine.Host.Identity.People;
using NurtureEngine.Host.Intake;
using NurtureEngine.Host.Links;
using NurtureEngine.Host.Outgoing;
using NurtureEngine.Host.Pages;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Scheduling.Jobs;
using NurtureEngine.Host.Scheduling.Jobs.Dashboard;
using NurtureEngine.Host.Storage;
using NurtureEngine.Host.Touches;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Host.WeChat;
using NurtureEngine.Postgres;
using NurtureEngine.Postgres.Settings;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace NurtureEngine.Host;

/// <summary>Puts the host together: services, loops and faces, over a database that is open and migrated.</summary>
internal static class NurtureApplication
{
    /// <param name="builder">What the application is made of.</param>
    /// <param name="database">Open and migrated.</param>
    /// <param name="hasLoops">Whether work is done by itself; else somebody turns the loops by hand.</param>
    public static WebApplication Build(WebApplicationBuilder builder, NurtureDatabase database, bool hasLoops = true)
    {
        builder
            .Logging.ClearProviders()
            .AddJsonConsole(options => (options.UseUtcTimestamp, options.TimestampFormat) = (true, "O"));
        // The frameworks log each request with its query, which may hold an address.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Hangfire", LogLevel.Warning);
        // That keys are not encrypted is said once, in a sentence that says what to do.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        // During an outage its servers tell of each attempt; the loops say when it begins and ends.
        foreach (var category in new[] { "Hangfire.Server", "Hangfire.Processing", "Hangfire.PostgreSql" })
        {
            builder.Logging.AddFilter(category, LogLevel.Critical);
        }

        // What keeps the host from starting is said once, in a sentence, by who started it.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        AddServices(builder.Services, database);
        if (hasLoops)
        {
            AddLoops(builder.Services, database);
            builder.Services.Configure<HostOptions>(host =>
                host.ShutdownTimeout = JobServers.Grace + TimeSpan.FromSeconds(5)
            );
        }

        var app = builder.Build();
        MapFaces(app);
        return app;
    }

    /// <summary>What the loops and faces need; tests turn the loops by hand over these.</summary>
    public static void AddServices(IServiceCollection services, NurtureDatabase database)
    {
        services.AddSingleton(database).AddSingleton(database.Source).AddNurturePostgres();
        services.AddOptions<NurtureOptions>().BindConfiguration(NurtureOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<NurtureOptions>>(provider => new NurtureOptionsValidator(
            provider.GetRequiredService<IConfiguration>(),
            serves: true
        ));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddKeyedSingleton(Clocks.Business, TimeProvider.System);
        services
            .AddSingleton<WorkSignal>()
            .AddSingleton<SchemaFence>()
            .AddSingleton<CurrentRulebook>()
            .AddSingleton<RulebookChange>()
            .AddSingleton<ContentCatalog>()
            .AddSingleton<TrackCatalog>();
        services
            .AddSingleton<WebhookSecrets>()
            .AddSingleton<WebhookRates>()
            .AddSingleton<InboxWriter>()
            .AddSingleton<FolderImport>()
            .AddSingleton<FirstStart>()
            .AddSingleton<GateKeeper>()
            .AddSingleton<LinkKeys>()
            .AddSingleton<LinkHits>()
            .AddSingleton<TouchMarks>()
            .AddSingleton<CalendarsFolder>()
            .AddSingleton(Gate.Complete)
            .AddSingleton<HandOver>();
        services
            .AddSingleton(TransportOf)
            .AddSingleton(MarksOf)
            .AddSingleton<ColleagueMail>()
            .AddSingleton<IChannel, EmailChannel>()
            .AddSingleton<ChannelSet>();
        services
            .AddSingleton<ImportWorker>()
            .AddSingleton<FactsWorker>()
            .AddSingleton<AdvanceWorker>()
            .AddSingleton<MoveWorker>()
            .AddSingleton<MomentsWorker>()
            .AddSingleton<DispatchTurn>()
            .AddSingleton<RecoveryWorker>()
            .AddSingleton<OutboxWorker>();
        services
            .AddHttpClient<WebhookCaller>(http => http.Timeout = TimeSpan.FromSeconds(15))
            .ConfigurePrimaryHttpMessageHandler(provider => new GuardedConnection(AllowsPrivate(provider)).Handler());
        services
            .AddHttpClient(nameof(LinkProbe), http => http.Timeout = TimeSpan.FromSeconds(10))
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(provider => new GuardedConnection(AllowsPrivate(provider)).Handler());
        services
            .AddSingleton(provider => new LinkProbe(
                provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(LinkProbe)),
                AllowsPrivate(provider)
            ))
            .AddSingleton<LinkHealth>();
        services
            .AddSingleton<TargetHealth>()
            .AddSingleton<SlackAlerts>()
            .AddOutgoing(SlackAlerts.Client, AllowsPrivate);
        services
            .AddSingleton<WeChatClient>()
            .AddOutgoing(WeChatClient.Client, AllowsPrivate)
            .AddSingleton<AccessTokens>()
            .AddSingleton<FollowerImporter>();
        services.AddSingleton(provider => new KeyWrapping(
            provider.GetRequiredService<IOptions<NurtureOptions>>().Value.Keys.Wrapping,
            "Nurture:Keys:Wrapping"
        ));
        ProtectionKeys.Add(services);
        services.AddAntiforgery();
        services
            .AddOptions<AntiforgeryOptions>()
            .Configure<IOptions<NurtureOptions>>(
                (antiforgery, nurture) =>
                    antiforgery.Cookie.SecurePolicy = PeopleRegistration.IsSecure(nurture.Value)
                        ? CookieSecurePolicy.Always
                        : CookieSecurePolicy.SameAsRequest
            );
        services.AddApiKeys().AddPeople().AddProvider().AddConsole();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = ProblemSentences.Complete);
        services.AddOpenApi("v1", options => options.AddDocumentTransformer<OpenApiDetails>());
        services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase
        );
        services
            .AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("nurture-engine"))
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(NurtureMetrics.Name, "Microsoft.AspNetCore.Hosting", "System.Runtime")
                    .AddPrometheusExporter()
            );
        services
            .AddHealthChecks()
            .AddCheck<DatabaseHealth>("database", tags: ["ready"])
            .AddCheck<SchemaFence>("schema", tags: ["ready"])
            .AddCheck<OutgoingHealth>("outgoing")
            .AddCheck<WeChatHealth>("wechat");
    }

    private static bool AllowsPrivate(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<NurtureOptions>>().Value.Http.AllowPrivateAddresses;

    private static IEmailTransport TransportOf(IServiceProvider provider)
    {
        var email = provider.GetRequiredService<IOptions<NurtureOptions>>().Value.Email;
        if (!email.IsReal)
        {
            return ActivatorUtilities.CreateInstance<InboxTransport>(provider);
        }

        return new SmtpTransport(email.Smtp, email.Dkim.Signer(), provider.GetRequiredService<TimeProvider>());
    }

    private static EmailMarks MarksOf(IServiceProvider provider)
    {
        var keys = provider.GetRequiredService<LinkKeys>();
        var installation = provider.GetRequiredService<Installation>();
        return new EmailMarks
        {
            Links = () => keys.Links,
            ReturnPathKey = () => keys.Newest,
            Installation = () => installation.Id,
            BounceDomain = provider.GetRequiredService<IOptions<NurtureOptions>>().Value.Email.BounceDomain,
        };
    }

    private static void AddLoops(IServiceCollection services, NurtureDatabase database)
    {
        services.AddHostedService(provider => provider.GetRequiredService<SchemaFence>());
        services.AddHostedService<EmbeddedPostgresKeeper>();
        services.AddHostedService<WorkExchange>();
        services.AddHostedService<BacklogMeter>();
        services.AddHostedService<TurnLoop<FactsWorker>>();
        services.AddHostedService<TurnLoop<AdvanceWorker>>();
        services.AddHostedService<TurnLoop<MoveWorker>>();
        services.AddHostedService<TurnLoop<RecoveryWorker>>();
        services.AddHostedService<TurnLoop<OutboxWorker>>();
        if (database.Embedded is not null)
        {
            services.AddHostedService<WorkflowsWatch>();
        }

        services.AddJobs(database.ConnectionString).AddJobLoops();
    }

    public static void MapFaces(WebApplication app)
    {
        app.UseTrustedProxies();
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                StatusCodeSelector = exception =>
                    exception switch
                    {
                        BadHttpRequestException bad => bad.StatusCode,
                        // A database that is away is no fault of the program: the caller may come again.
                        _ when Outage.Is(exception) => StatusCodes.Status503ServiceUnavailable,
                        // Class 22: a value that the database can't take, such as a text with NUL.
                        PostgresException { SqlState: ['2', '2', ..] } => StatusCodes.Status400BadRequest,
                        _ => StatusCodes.Status500InternalServerError,
                    },
            }
        );
        app.UseStatusCodePages();
        app.Use(app.Services.GetRequiredService<SchemaFence>().RefuseWritesAsync);
        app.UseJobsDashboard();
        app.UseConsole();
        app.UseAuthentication();
        app.UseOwnPasswords();
        app.UseLocalDevelopment();
        app.UseAuthorization();
        app.UseAntiforgery();

        app.MapGet("/", () => TypedResults.Redirect("/console")).ExcludeFromDescription();
        app.MapCrmWebhook();
        app.MapHubSpotWebhook();
        app.MapWeChatWebhook();
        app.MapEmailWebhooks();
        app.MapLinks();
        var api = app.MapGroup("/api").AddEndpointFilterFactory(Reach.Guard);
        api.MapLeads();
        api.MapStages();
        api.MapTracks();
        api.MapTouches();
        api.MapSlots();
        api.MapSettling();
        api.MapPauses();
        api.MapHandoffs();
        api.MapInbox();
        api.MapImports();
        api.MapOutbox();
        api.MapRulebook();
        api.MapSending();
        api.MapSuppressions();
        app.MapConsole();
        app.MapDesigner();
        app.MapDevelopmentInbox();
        app.MapJobsDashboard();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics");
    }
}
