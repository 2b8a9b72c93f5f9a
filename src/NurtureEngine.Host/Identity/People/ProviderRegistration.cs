using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Pages.SignIn;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Host.Identity.People;

/// <summary>Sign-in at an identity provider, where one is configured.</summary>
internal static class ProviderRegistration
{
    public const string SchemeName = "Oidc";

    public static IServiceCollection AddProvider(this IServiceCollection services)
    {
        services.AddTransient<OpenIdConnectHandler>();
        services.AddSingleton<IPostConfigureOptions<OpenIdConnectOptions>, OpenIdConnectPostConfigureOptions>();
        // The framework would make a scheme that is there without its settings fail at every request.
        services
            .AddOptions<AuthenticationOptions>()
            .Configure<IOptions<NurtureOptions>>(
                (options, nurture) =>
                {
                    if (nurture.Value.SignIn.Oidc.IsOn)
                    {
                        options.AddScheme<OpenIdConnectHandler>(SchemeName, displayName: null);
                    }
                }
            );
        services
            .AddOptions<OpenIdConnectOptions>(SchemeName)
            .Configure<IOptions<NurtureOptions>>((options, nurture) => Configure(options, nurture.Value));
        return services;
    }

    public static void MapProvider(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet(
                "/console/sign-in/provider",
                (string? returnUrl, IOptions<NurtureOptions> options) =>
                    options.Value.SignIn.Oidc.IsOn
                        ? Results.Challenge(
                            new AuthenticationProperties { RedirectUri = LocalAddress.Or(returnUrl) },
                            [SchemeName]
                        )
                        : Results.NotFound()
            )
            .ExcludeFromDescription();

    private static void Configure(OpenIdConnectOptions options, NurtureOptions nurture)
    {
        var oidc = nurture.SignIn.Oidc;
        options.Authority = oidc.Authority;
        options.ClientId = oidc.ClientId;
        options.ClientSecret = oidc.ClientSecret;
        options.RequireHttpsMetadata = oidc.Authority!.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        options.SignInScheme = IdentityConstants.ApplicationScheme;
        options.CallbackPath = "/console/sign-in/callback";
        options.ResponseType = OpenIdConnectResponseType.Code;
        // By the address, so that the cookies of the way need not go along with forms of other sites.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.MapInboundClaims = false;
        options.SaveTokens = false;
        options.Scope.Clear();
        foreach (var scope in new[] { "openid", "profile", "email" })
        {
            options.Scope.Add(scope);
        }

        var policy = PeopleRegistration.IsSecure(nurture)
            ? CookieSecurePolicy.Always
            : CookieSecurePolicy.SameAsRequest;
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = policy;
            cookie.HttpOnly = true;
        }

        options.Events.OnTokenValidated = ReplaceAsync;
        options.Events.OnRemoteFailure = context => Refuse(context, context.Response);
        options.Events.OnAccessDenied = context => Refuse(context, context.Response);
    }

    // Who they are to the provider is of no interest any more.
    private static async Task ReplaceAsync(TokenValidatedContext context)
    {
        var services = context.HttpContext.RequestServices;
        var desk = services.GetRequiredService<ProviderDesk>();
        if (await desk.FindAsync(context.Principal!) is not { } person)
        {
            await Refuse(context, context.Response);
            return;
        }

        var factor = services.GetRequiredService<SecondFactor>();
        if (await factor.IsOnAsync(person))
        {
            // The code is required as after a password.
            factor.Hand(context.Response, person);
            var back = Uri.EscapeDataString(LocalAddress.Or(context.Properties?.RedirectUri));
            context.Response.Redirect($"{PeopleRegistration.SignInPath}?returnUrl={back}");
            context.HandleResponse();
            return;
        }

        context.Principal = await services
            .GetRequiredService<IUserClaimsPrincipalFactory<Person>>()
            .CreateAsync(person);
        context.Properties?.Items[SessionTickets.Way] = "identity provider";
        await services.GetRequiredService<SessionStore>().TidyAsync(CancellationToken.None);
    }

    private static Task Refuse<TOptions>(HandleRequestContext<TOptions> context, HttpResponse response)
        where TOptions : AuthenticationSchemeOptions
    {
        response.Redirect($"{PeopleRegistration.SignInPath}?provider=refused");
        context.HandleResponse();
        return Task.CompletedTask;
    }
}
