using System.Globalization;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using NurtureEngine.Pages.Frame;
using NurtureEngine.Pages.SignIn;

namespace NurtureEngine.Host.Pages;

/// <summary>What readers choose for their browser: the language and the theme, each a cookie.</summary>
internal static class ReaderChoices
{
    /// <summary>The languages of the console; the first one is the default.</summary>
    public static CultureInfo[] Languages { get; } = [new("en"), new("zh-CN")];

    public static IResult SetLanguage(HttpContext http, [FromForm] string language, [FromForm] string? back)
    {
        if (Array.Exists(Languages, known => known.Name == language))
        {
            Keep(
                http,
                CookieRequestCultureProvider.DefaultCookieName,
                CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language))
            );
        }

        return TypedResults.LocalRedirect(LocalAddress.Or(back));
    }

    public static IResult SetTheme(HttpContext http, [FromForm] string theme, [FromForm] string? back)
    {
        if (Preferences.Themes.Contains(theme))
        {
            Keep(http, App.ThemeCookie, theme);
        }

        return TypedResults.LocalRedirect(LocalAddress.Or(back));
    }

    private static void Keep(HttpContext http, string cookie, string value) =>
        http.Response.Cookies.Append(
            cookie,
            value,
            new CookieOptions
            {
                MaxAge = TimeSpan.FromDays(365),
                SameSite = SameSiteMode.Lax,
                HttpOnly = true,
                Secure = http.Request.IsHttps,
            }
        );
}
