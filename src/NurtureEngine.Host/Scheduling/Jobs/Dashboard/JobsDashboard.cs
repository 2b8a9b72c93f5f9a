using System.Globalization;
using Hangfire;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Localization;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Development;

namespace NurtureEngine.Host.Scheduling.Jobs.Dashboard;

/// <summary>Hangfire's own pages under <c>/ops/jobs</c>, to read only: what is going to be sent, what runs, what failed and why.</summary>
internal static class JobsDashboard
{
    private const string Path = "/ops/jobs";

    // The pages bring all that they need.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    static JobsDashboard() =>
        NavigationMenu.Items.Add(page =>
            JobNames.Stopped(page.Context) is { } stopped ? new MenuItem(stopped, page.Url.Home()) : null
        );

    /// <summary>The reader's language and the headers of the pages, in front of them.</summary>
    public static void UseJobsDashboard(this IApplicationBuilder app)
    {
        CultureInfo[] languages = [new("en"), new("zh-CN")];
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase),
            pages =>
                pages
                    .UseRequestLocalization(
                        new RequestLocalizationOptions
                        {
                            DefaultRequestCulture = new RequestCulture(languages[0]),
                            SupportedCultures = languages,
                            SupportedUICultures = languages,
                        }
                    )
                    .Use(
                        (context, next) =>
                        {
                            context.Response.Headers.ContentSecurityPolicy = Policy;
                            context.Response.Headers.XContentTypeOptions = "nosniff";
                            context.Response.Headers["Referrer-Policy"] = "no-referrer";
                            return next(context);
                        }
                    )
        );
    }

    /// <summary>The pages; none in a host that has no jobs.</summary>
    public static void MapJobsDashboard(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetService<IGlobalConfiguration>() is null)
        {
            return;
        }

        routes.MapHangfireDashboard(
            Path,
            new DashboardOptions
            {
                AppPath = null,
                DashboardTitle = "NurtureEngine",
                DisplayStorageConnectionString = false,
                IsReadOnlyFunc = _ => true,
                Authorization = [new LookersOn()],
                DisplayNameFunc = JobNames.Of,
            }
        );
    }

    private sealed class LookersOn : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context) =>
            LocalOnly.Admits(context.GetHttpContext(), Roles.Operator, Roles.Administrator);
    }
}
