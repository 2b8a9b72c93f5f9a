using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Options;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Development;
using NurtureEngine.Host.Identity.People;
using NurtureEngine.Studio;

namespace NurtureEngine.Host.Pages;

/// <summary>What a request for a page of the console passes before the page.</summary>
internal static class ConsolePipeline
{
    // Where the frame's pages lie.
    private static readonly string[] Faces = ["/console", Development, StudioFaces.Folder, "/elsa"];

    private const string Development = "/dev";

    // The pages that stay open while a person has to change their password.
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
                    .UseWhen(
                        context => IsDesigner(context.Request.Path),
                        designer => designer.UseSecurityHeaders(PageHeaders.Designer)
                    )
        );

    /// <summary>Takes the address of a request from the trusted proxies, if there are any.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app)
    {
        var networks = app
            .ApplicationServices.GetRequiredService<IOptions<NurtureOptions>>()
            .Value.SignIn.ProxyNetworks()
            .ToList();
        if (networks.Count == 0)
        {
            return;
        }

        // However many proxies there are, the first address that is not one of theirs is the visitor's. Scheme and host come from the public address, which no header can change.
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        networks.ForEach(options.KnownIPNetworks.Add);
        app.UseForwardedHeaders(options);
    }

    /// <summary>Redirects people with a one-time password to the page where they choose their own.</summary>
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

    private static bool IsDesigner(PathString path) =>
        path.StartsWithSegments(StudioFaces.Folder, StringComparison.OrdinalIgnoreCase);

    // Framed mails have a stricter policy of their own.
    private static bool IsFramed(PathString path) =>
        IsDesigner(path)
        || path.StartsWithSegments("/console/contents", StringComparison.OrdinalIgnoreCase)
        || (
            path.StartsWithSegments("/console/tracks", StringComparison.OrdinalIgnoreCase)
            && path.Value!.Contains("/try/messages/", StringComparison.OrdinalIgnoreCase)
        )
        || (
            path.StartsWithSegments("/dev/inbox", StringComparison.OrdinalIgnoreCase)
            && path.Value!.EndsWith("/html", StringComparison.OrdinalIgnoreCase)
        );
}
