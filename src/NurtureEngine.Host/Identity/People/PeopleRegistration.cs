using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.People;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Pages.People;
using NurtureEngine.Pages.SignIn;

namespace NurtureEngine.Host.Identity.People;

/// <summary>People with passwords and sessions, for pages; API keys stay what the API takes.</summary>
internal static class PeopleRegistration
{
    private const string Either = "PageOrApi";

    // The pages that people sign in for.
    private static readonly string[] Pages = ["/console", "/dev", "/ops"];

    public static IServiceCollection AddPeople(this IServiceCollection services)
    {
        services
            .AddScoped<IUserStore<Person>, PersonUserStore>()
            .AddScoped<IUserClaimsPrincipalFactory<Person>, PersonPrincipal>()
            .AddScoped<ISignIn, SignInDesk>()
            .AddScoped<IPeopleDesk, PeopleDesk>()
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
                identity.Lockout = new LockoutOptions
                {
                    MaxFailedAccessAttempts = 5,
                    DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5),
                };
            })
            .AddSignInManager();
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
        options.LoginPath = "/console/sign-in";
        options.AccessDeniedPath = "/console/denied";
        options.ReturnUrlParameter = "returnUrl";
        options.Cookie.Name = "nurture";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        // Behind a proxy that ends TLS, the request itself does not say so.
        options.Cookie.SecurePolicy =
            nurture.Value.PublicUrl?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true
                ? CookieSecurePolicy.Always
                : CookieSecurePolicy.SameAsRequest;
    }

    // Cookies open pages alone: what other sites make a browser post to the API comes without a key.
    private static string SchemeOf(HttpContext http) =>
        !http.Request.Headers.ContainsKey("Authorization")
        && Array.Exists(Pages, page => http.Request.Path.StartsWithSegments(page, StringComparison.OrdinalIgnoreCase))
            ? IdentityConstants.ApplicationScheme
            : ApiKeyAuthentication.SchemeName;
}
