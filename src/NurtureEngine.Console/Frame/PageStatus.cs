using Microsoft.AspNetCore.Http;

namespace NurtureEngine.Pages.Frame;

/// <summary>
/// The status of a page's answer. It is set only when the answer leaves: the framework takes a status that is set before for its own empty answer, and
/// the page would have no text.
/// </summary>
public static class PageStatus
{
    /// <summary>The page's subject does not exist.</summary>
    public static void SayNotFound(this HttpContext http) => http.Say(StatusCodes.Status404NotFound);

    /// <summary>The page shows an error in place of its content.</summary>
    public static void SayFailed(this HttpContext http) => http.Say(StatusCodes.Status500InternalServerError);

    // Of several the highest is meant: a page that was not found may also fail.
    private static void Say(this HttpContext http, int status)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.OnStarting(() =>
            {
                http.Response.StatusCode = Math.Max(http.Response.StatusCode, status);
                return Task.CompletedTask;
            });
        }
    }
}
