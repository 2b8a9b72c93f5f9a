using System.Globalization;
using System.Net;
using System.Text;
using NurtureEngine.Channels.Http;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Webhooks;

/// <summary>Posts webhooks, signed by Standard Webhooks. An answer of 2xx has it taken over; redirects are not followed.</summary>
public sealed class WebhookCaller(HttpClient http, TimeProvider machineTime)
{
    /// <summary>
    /// One attempt. What is repeated has the same id; an attempt without an answer counts as deferred, since the receiver
    /// knows repeats.
    /// </summary>
    public async Task<DeliveryResult> CallAsync(
        Uri address,
        byte[] key,
        Guid id,
        string body,
        CancellationToken cancellationToken
    )
    {
        using var request = SignedWebhook.Request(
            address,
            key,
            $"{id}",
            machineTime.GetUtcNow(),
            Encoding.UTF8.GetBytes(body)
        );
        try
        {
            using var response = await http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            return Judge(response);
        }
        catch (HttpRequestException exception) when (exception.InnerException is PrivateAddressException)
        {
            return new DeliveryResult.Rejected("address.private");
        }
        catch (HttpRequestException exception)
        {
            return new DeliveryResult.Deferred($"{exception.HttpRequestError}", null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryResult.Deferred("Timeout", null);
        }
    }

    // 410 is the specification's word for a receiver that is gone for good.
    private static DeliveryResult Judge(HttpResponseMessage response)
    {
        var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        return response switch
        {
            { IsSuccessStatusCode: true } => new DeliveryResult.Accepted(),
            { StatusCode: HttpStatusCode.Gone } => new DeliveryResult.Rejected(status),
            _ => new DeliveryResult.Deferred(status, response.Headers.RetryAfter?.Delta),
        };
    }
}
