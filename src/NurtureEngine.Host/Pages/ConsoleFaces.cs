using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Reports;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Development;
using NurtureEngine.Host.Identity.People;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Pages.Frame;
using NurtureEngine.Pages.SignIn;
using NurtureEngine.Postgres.People;
using NurtureEngine.Postgres.Reports;

namespace NurtureEngine.Host.Pages;

/// <summary>The console under <c>/console</c>: pages for people who are signed in.</summary>
internal static class ConsoleFaces
{
    private const string Path = "/console";

    // Where the frame's pages lie.
    private static readonly string[] Faces = [Path, Development];

    private const string Development = "/dev";

    // What somebody whose password has to be changed may still reach.
    private static readonly string[] Open =
    [
        "/console/account",
        "/console/sign-in",
        "/console/sign-out",
        "/console/invitation",
        "/console/forgot",
        "/console/language",
        "/console/theme",
        "/console/assets",
    ];

    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddLocalization();
        return services
            .AddSingleton<IAuditLog>(provider => provider.GetRequiredService<AuditLog>())
            .AddSingleton<IHomeQueries>(provider => provider.GetRequiredService<HomeQueries>())
            .AddSingleton<ITrackBoard, TrackBoard>()
            .AddSingleton<ILeadBoard, LeadBoard>()
            .AddSingleton<ISearch>(provider => provider.GetRequiredService<Search>())
            .AddSingleton<ILeadSight, LeadSight>()
            .AddSingleton<IHealthBoard, HealthBoard>()
            .AddSingleton<ISendingDesk, SendingDesk>()
            .AddSingleton<ISentMail, SentMail>()
            .AddSingleton<LivePulse>()
            .AddSingleton<ContentPreview>()
            .AddSingleton(provider => new ConsoleClock(
                provider.GetRequiredKeyedService<TimeProvider>(Clocks.Business).GetUtcNow,
                () => provider.GetRequiredService<CurrentRulebook>().Value.DefaultZone.Id
            ));
    }

    /// <summary>The reader's language, the headers of the pages, and what comes before them.</summary>
    public static void UseConsole(this IApplicationBuilder app) =>
        app.UseWhen(
            context =>
                Array.Exists(
                    Faces,
                    face => context.Request.Path.StartsWithSegments(face, StringComparison.OrdinalIgnoreCase)
                ),
            pages =>
                pages
                    .Use(AsPublic)
                    .UseRequestLocalization(
                        new RequestLocalizationOptions
                        {
                            DefaultRequestCulture = new RequestCulture(ReaderChoices.Languages[0]),
                            SupportedCultures = ReaderChoices.Languages,
                            SupportedUICultures = ReaderChoices.Languages,
                        }
                    )
                    .UseWhen(
                        context => !IsFramed(context.Request.Path),
                        whole => whole.UseSecurityHeaders(PageHeaders.All)
                    )
        );

    /// <summary>Sends whoever has a password that others have seen to the page where they choose their own.</summary>
    public static void UseOwnPasswords(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                if (
                    context.User.HasClaim(PersonPrincipal.MustChangeClaim, "true")
                    && !Array.Exists(
                        Open,
                        path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)
                    )
                )
                {
                    context.Response.Redirect("/console/account");
                    return Task.CompletedTask;
                }

                return next(context);
            }
        );

    /// <summary>Restricts the development pages to administrators and, while no mail server is configured, to this machine.</summary>
    public static void UseLocalDevelopment(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
                !context.Request.Path.StartsWithSegments(Development, StringComparison.OrdinalIgnoreCase)
                || LocalOnly.Admits(context)
                    ? next(context)
                    : LocalOnly.Refusal().ExecuteAsync(context)
        );

    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        routes.MapRazorComponents<App>().RequireAuthorization(MayEnter);
        routes.MapGet($"{ConsoleAssets.Folder}/{{name}}", Asset).ExcludeFromDescription();
        routes.MapPost("/console/language", ReaderChoices.SetLanguage).ExcludeFromDescription();
        routes.MapPost("/console/theme", ReaderChoices.SetTheme).ExcludeFromDescription();
        routes.MapProvider();
        var people = routes.MapGroup(Path).ExcludeFromDescription().RequireAuthorization(MayEnter);
        people.MapGet("/live/{topic}", Live);
        people.MapGet("/contents/{version:int}/{language}", ContentPreview.AnswerAsync);
        people.MapPost("/sign-out", SignOutAsync);
        people.MapPost("/sessions/{id}/end", EndSessionAsync);
    }

    // Whose roles were taken away is out.
    private static void MayEnter(AuthorizationPolicyBuilder policy) =>
        policy.AddAuthenticationSchemes(IdentityConstants.ApplicationScheme).RequireRole(Roles.All);

    // Behind a proxy that ends TLS a page's own address is the public one: redirects lead there.
    private static Task AsPublic(HttpContext context, RequestDelegate next)
    {
        // The development pages check the requested host name, which must not be replaced.
        if (context.Request.Path.StartsWithSegments(Development, StringComparison.OrdinalIgnoreCase))
        {
            return next(context);
        }

        var options = context.RequestServices.GetRequiredService<IOptions<NurtureOptions>>().Value;
        if (PeopleRegistration.IsSecure(options) && Uri.TryCreate(options.PublicUrl, UriKind.Absolute, out var url))
        {
            (context.Request.Scheme, context.Request.Host) = (url.Scheme, new HostString(url.Authority));
        }

        return next(context);
    }

    // Framed mails have a stricter policy of their own.
    private static bool IsFramed(PathString path) =>
        path.StartsWithSegments("/console/contents", StringComparison.OrdinalIgnoreCase)
        || (
            path.StartsWithSegments("/dev/inbox", StringComparison.OrdinalIgnoreCase)
            && path.Value!.EndsWith("/html", StringComparison.OrdinalIgnoreCase)
        );

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

    // The form's token is checked because it is read.
    private static async Task<IResult> SignOutAsync(ISignIn desk, [FromForm] IFormCollection form)
    {
        await desk.SignOutAsync();
        return TypedResults.LocalRedirect("/console/sign-in");
    }

    private static async Task<IResult> EndSessionAsync(ISignIn desk, string id, [FromForm] IFormCollection form)
    {
        await desk.EndSessionAsync(id);
        return TypedResults.LocalRedirect("/console/account");
    }
}
