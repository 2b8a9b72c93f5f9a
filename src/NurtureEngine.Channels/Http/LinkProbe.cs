using System.Globalization;
using System.Net;
using NurtureEngine.Core.Tracks.Reviews;

namespace NurtureEngine.Channels.Http;

/// <summary>Asks whether a page or a download is there, as a reader's click would find it.</summary>
public sealed class LinkProbe(HttpClient http, bool allowsPrivate)
{
    // Reserved for examples and tests (RFC 2606, RFC 6761); never in the public name system.
    private static readonly string[] Reserved = [".example", ".invalid", ".test"];

    /// <summary>Null if the link works; else what happened: a status, or a word such as <c>NameResolutionError</c>.</summary>
    /// <remarks>A page that wants a sign-in, or fewer requests, is there. Redirects are not followed.</remarks>
    public async Task<string?> FindFaultAsync(Uri link, CancellationToken cancellationToken)
    {
        if (Array.Exists(Reserved, ending => link.Host.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
        {
            return TrackReview.SampleLink;
        }

        if (link.IsLoopback && !allowsPrivate)
        {
            return "PrivateAddress";
        }

        try
        {
            var status = await AskAsync(HttpMethod.Head, link, cancellationToken);
            if (status is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented or HttpStatusCode.NotFound)
            {
                // Not every server knows HEAD, and some answer it as if nothing were there.
                status = await AskAsync(HttpMethod.Get, link, cancellationToken);
            }

            return IsThere(status) ? null : ((int)status).ToString(CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException exception)
        {
            return exception.InnerException is PrivateAddressException
                ? "PrivateAddress"
                : $"{exception.HttpRequestError}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "Timeout";
        }
    }

    private async Task<HttpStatusCode> AskAsync(HttpMethod method, Uri link, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, link);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode;
    }

    private static bool IsThere(HttpStatusCode status) =>
        status
            is < HttpStatusCode.BadRequest
                or HttpStatusCode.Unauthorized
                or HttpStatusCode.Forbidden
                or HttpStatusCode.TooManyRequests;
}
