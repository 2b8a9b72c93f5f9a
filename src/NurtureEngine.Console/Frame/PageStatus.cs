using Microsoft.AspNetCore.Http;

namespace NurtureEngine.Pages.Frame;

/// <summary>What a page says to browsers beside its text.</summary>
public static class PageStatus
{
    /// <summary>
    /// Says that what the page is of does not exist. Only when the answer leaves: the framework takes a status that is set before for its own empty
    /// answer, and the page would have no text.
    /// </summary>
    public static void SayNotFound(this HttpContext http) =>
        http.Response.OnStarting(() =>
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
}
