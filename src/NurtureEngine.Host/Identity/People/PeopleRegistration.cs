using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Pages.People;
using NurtureEngine.Pages.SignIn;
using NurtureEngine.Studio;

namespace NurtureEngine.Host.Identity.People;

/// <summary>People with passwords and sessions, for pages; API keys stay what the API takes.</summary>
internal static class PeopleRegistration
{
    private const string Either = "PageOrApi";

    /// <summary>Where people sign in.</summary>
    public const string SignInPath = "/console/sign-in";

    // Pages that people sign in for, and that an API key opens, too.
    private static readonly string[] Pages = ["/dev", "/ops", "/studio", "/elsa"];

    public static IServiceCollection AddPeople(this IServiceCollection services)
    {
        services
            .AddScoped<PersonUserStore>()
            .AddScoped<IUserStore<Person>>(provider => provider.GetRequiredService<PersonUserStore>())
            .AddScoped<IUserClaimsPrincipalFactory<Person>, PersonPrincipal>()
            .AddScoped<ISignIn, SignInDesk>()
            .AddScoped<IAccountDesk, AccountDesk>()
            .AddScoped<IPeopleDesk, PeopleDesk>()
            .AddSingleton<InvitationWords>()
            .AddScoped<InvitationMail>()
            .AddScoped<Invitations>()
            .AddScoped<IInvitations>(provider => provider.GetRequiredService<Invitations>())
            .AddScoped<ProviderDesk>()
            .AddScoped<SecondFactor>()
            .AddScoped<ISecondFactor>(provider => provider.GetRequiredService<SecondFactor>())
            .AddScoped<FirstPerson>()
            .AddSingleton<SignInThrottle>()
            .AddSingleton<SessionTickets>();
        services
            .AddIdentityCore<Person>(identity =>
            {
                identity.Password = new PasswordOptions
                {
                    RequiredLength = 12,
                    RequiredUniqueChars = 5,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                };
            })
            .AddSignInManager()
            .AddTokenProvider<AuthenticatorTokenProvider<Person>>(TokenOptions.DefaultAuthenticatorProvider);
        services
            .AddAuthentication(Either)
            .AddPolicyScheme(Either, null, options => options.ForwardDefaultSelector = SchemeOf)
            .AddCookie(IdentityConstants.ApplicationScheme);
        services
            .AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<SessionTickets, IOptions<NurtureOptions>>(Configure);
        return services;
    }

    private static void Configure(
        CookieAuthenticationOptions options,
        SessionTickets tickets,
        IOptions<NurtureOptions> nurture
    )
    {
        options.SessionStore = tickets;
        options.ExpireTimeSpan = SessionTickets.Lifetime;
        options.SlidingExpiration = true;
        options.LoginPath = SignInPath;
        options.AccessDeniedPath = "/console/denied";
        options.ReturnUrlParameter = "returnUrl";
        // What was sent by a form is not sent again behind a sign-in: the page keeps it, and shows it to be sent once more.
        options.Events.OnRedirectToLogin = context =>
        {
            // The designer's calls follow no redirect.
            if (context.Request.Path.StartsWithSegments(StudioFaces.Api, StringComparison.OrdinalIgnoreCase))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Task.CompletedTask;
            }

            var isForm = !HttpMethods.IsGet(context.Request.Method);
            var back = $"{context.Request.Path}?kept=true";
            context.Response.Redirect(
                isForm
                    ? $"{SignInPath}?kept=true&{options.ReturnUrlParameter}={Uri.EscapeDataString(back)}"
                    : context.RedirectUri
            );
            return Task.CompletedTask;
        };
        // Automatic refreshes of live parts do not extend the session.
        options.Events.OnCheckSlidingExpiration = context =>
        {
            context.ShouldRenew &= !context.Request.Headers.ContainsKey("x-live");
            return Task.CompletedTask;
        };
        var isSecure = IsSecure(nurture.Value);
        // With this prefix no neighbouring site can set it.
        options.Cookie.Name = isSecure ? "__Host-nurture" : "nurture";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = isSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }

    /// <summary>Whether people come by TLS: behind a proxy that ends it, requests themselves do not say so.</summary>
    public static bool IsSecure(NurtureOptions options) =>
        options.PublicUrl?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true;

    // Cookies open pages alone: what other sites make a browser post to the API comes without a key.
    private static string SchemeOf(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/console", StringComparison.OrdinalIgnoreCase)
        || (
            !http.Request.Headers.ContainsKey("Authorization")
            && Array.Exists(
                Pages,
                page => http.Request.Path.StartsWithSegments(page, StringComparison.OrdinalIgnoreCase)
            )
        )
            ? IdentityConstants.ApplicationScheme
            : ApiKeyAuthentication.SchemeName;
}
