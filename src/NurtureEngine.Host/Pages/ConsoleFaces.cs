using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Simulation;
using NurtureEngine.Core.Tracks.Acts;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Host.Development;
using NurtureEngine.Host.Identity;
using NurtureEngine.Host.Identity.People;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Pages.Frame;
using NurtureEngine.Pages.SignIn;
using NurtureEngine.Postgres.People;
using NurtureEngine.Postgres.Reports;
using NurtureEngine.Postgres.Tracks;
using NurtureEngine.Studio;
using NurtureEngine.Studio.Files;

namespace NurtureEngine.Host.Pages;

/// <summary>The console under <c>/console</c>: pages for people who are signed in.</summary>
internal static class ConsoleFaces
{
    private const string Path = "/console";

    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddLocalization();
        return services
            .AddSingleton<IAuditLog>(provider => provider.GetRequiredService<AuditLog>())
            .AddSingleton<IHomeQueries>(provider => provider.GetRequiredService<HomeQueries>())
            .AddSingleton<ITrackBoard, TrackBoard>()
            .AddSingleton<ITrackDesk, TrackDesk>()
            .AddSingleton<ILeadBoard, LeadBoard>()
            .AddSingleton<ISearch>(provider => provider.GetRequiredService<Search>())
            .AddSingleton<ILeadSight, LeadSight>()
            .AddSingleton<IHealthBoard, HealthBoard>()
            .AddSingleton<ISendingDesk, SendingDesk>()
            .AddSingleton<ISentMail, SentMail>()
            .AddSingleton<ITrackDefinitions>(provider => provider.GetRequiredService<TrackDefinitions>())
            .AddSingleton<IEnrollmentRecords>(provider => provider.GetRequiredService<EnrollmentRecords>())
            .AddSingleton<TrackCheck>()
            .AddSingleton<ImpactReader>()
            .AddSingleton<IDesignerChoices, DesignerChoices>()
            .AddSingleton<ITrackTrials, TrackTrials>()
            .AddSingleton<ITrackWatch, TrackWatch>()
            .AddSingleton<IEnrollmentDesk, EnrollmentDesk>()
            .AddSingleton<ITrackDrafts, TrackDrafts>()
            .AddSingleton<ITrackPublishing, TrackPublisher>()
            .AddStudio(new DesignerRights(MayDesign, ActorOf))
            .AddSingleton(_ => new StudioFiles(NodeModules.Find(StudioFiles.Package)))
            .AddSingleton<LivePulse>()
            .AddSingleton<ContentPreview>()
            .AddSingleton(provider => new ConsoleClock(
                provider.GetRequiredKeyedService<TimeProvider>(Clocks.Business).GetUtcNow,
                () => provider.GetRequiredService<CurrentRulebook>().Value.DefaultZone.Id
            ));
    }

    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        routes.MapRazorComponents<App>().RequireAuthorization(MayEnter);
        routes.MapGet($"{ConsoleAssets.Folder}/{{name}}", Asset).ExcludeFromDescription();
        routes.MapPost("/console/language", ReaderChoices.SetLanguage).ExcludeFromDescription();
        routes.MapPost("/console/theme", ReaderChoices.SetTheme).ExcludeFromDescription();
        routes.MapProvider();
        var people = routes.MapGroup(Path).ExcludeFromDescription().RequireAuthorization(MayEnter);
        people.MapGet("/live/{topic}", Live);
        people.MapGet("/live/tracks/{id}", LiveTrack);
        people.MapGet("/contents/{version:int}/{language}", ContentPreview.AnswerAsync);
        people.MapGet("/tracks/{id}/try/messages/{line:int}", TrialMessageAsync);
        people.MapPost("/sign-out", SignOutAsync);
        people.MapPost("/sessions/{id}/end", EndSessionAsync);
    }

    /// <summary>The designer shows tracks: to people, and to keys that may read them.</summary>
    public static void MapDesigner(this IEndpointRouteBuilder routes) =>
        routes
            .MapStudio()
            .RequireAuthorization(policy =>
                policy.RequireAssertion(context =>
                    Roles.All.Any(context.User.IsInRole)
                    || context.User.HasClaim(claim =>
                        claim
                            is {
                                Type: ApiKeyAuthentication.ScopeClaim,
                                Value: Scopes.TracksRead or Scopes.TracksWrite or Scopes.Admin
                            }
                    )
                )
            );

    private static bool MayDesign(ClaimsPrincipal person) =>
        Roles.MayDesign.Any(person.IsInRole)
        || person.HasClaim(claim =>
            claim is { Type: ApiKeyAuthentication.ScopeClaim, Value: Scopes.TracksWrite or Scopes.Admin }
        );

    private static string ActorOf(ClaimsPrincipal person)
    {
        var name = person.Identity?.Name ?? "";
        return person.Identity?.AuthenticationType == ApiKeyAuthentication.SchemeName
            ? AuditEntry.ActorOfKey(name)
            : name;
    }

    // Whose roles were taken away is out.
    private static void MayEnter(AuthorizationPolicyBuilder policy) =>
        policy.AddAuthenticationSchemes(IdentityConstants.ApplicationScheme).RequireRole(Roles.All);

    private static IResult Asset(HttpContext http)
    {
        if (ConsoleAssets.At(http.Request.Path) is not { } asset)
        {
            return TypedResults.NotFound();
        }

        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        http.Response.Headers.Vary = "Accept-Encoding";
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
        {
            return TypedResults.Bytes(asset.Bytes, asset.ContentType);
        }

        http.Response.Headers.ContentEncoding = "br";
        return TypedResults.Bytes(asset.Compressed, asset.ContentType);
    }

    private static IResult Live(
        string topic,
        ClaimsPrincipal person,
        LivePulse pulse,
        CancellationToken cancellationToken
    ) =>
        pulse.IsFor(topic, person)
            ? TypedResults.ServerSentEvents(pulse.ListenAsync(topic, cancellationToken))
            : TypedResults.NotFound();

    private static IResult LiveTrack(
        string id,
        int? version,
        int? days,
        ITrackWatch watch,
        LivePulse pulse,
        CancellationToken cancellationToken
    ) =>
        TypedResults.ServerSentEvents(
            pulse.ListenAsync(
                "track",
                async token => JsonSerializer.Serialize(await watch.ReadAsync(id, version, days, token)),
                TimeSpan.FromSeconds(1),
                cancellationToken
            )
        );

    private static async Task<IResult> TrialMessageAsync(
        HttpContext http,
        string id,
        int line,
        long? lead,
        ITrackTrials trials,
        ILeadSight sight,
        ConsoleClock clock
    )
    {
        var invented = TrialText.Read(http.Request.QueryString.Value ?? "", clock.Business());
        var reach = await sight.OfAsync(http.User, http.RequestAborted);
        return
            await trials.RenderAsync(new TrialOrder(id, invented, lead), reach, line, http.RequestAborted) is { } html
            ? ContentPreview.Frame(http, html)
            : TypedResults.NotFound();
    }

    // The form's token is checked because it is read.
    private static async Task<IResult> SignOutAsync(ISignIn desk, [FromForm] IFormCollection form)
    {
        await desk.SignOutAsync();
        return TypedResults.LocalRedirect("/console/sign-in");
    }

    private static async Task<IResult> EndSessionAsync(IAccountDesk desk, string id, [FromForm] IFormCollection form)
    {
        await desk.EndSessionAsync(id);
        return TypedResults.LocalRedirect("/console/account");
    }
}
