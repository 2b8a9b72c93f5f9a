using System.Text;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Intake.WeChat;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.Host.Intake;

/// <summary>
/// Takes in what WeChat pushes of an official account: verified, decrypted, stored, and answered at once, since WeChat pushes again what is not answered
/// within five seconds.
/// </summary>
internal static partial class WeChatWebhook
{
    private const int MaxBody = 256 * 1024;
    private const string Taken = "success";

    public static void MapWeChatWebhook(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/webhooks/wechat/{account}", Verify)
            .WithTags("Webhooks")
            .WithName("VerifyWeChatAddress")
            .WithSummary("WeChat's check that the address is ours: the answer is what it sent")
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .AllowAnonymous();
        routes
            .MapPost("/webhooks/wechat/{account}", ReceiveAsync)
            .WithTags("Webhooks")
            .WithName("ReceiveWeChatPush")
            .WithSummary("A message or event of an official account, as WeChat pushes it")
            // A push must not be lost by its Content-Type, which WeChat does not specify.
            .Accepts<string>("text/xml", "*/*")
            .Produces<string>(StatusCodes.Status200OK, "text/plain")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .AllowAnonymous();
    }

    private static IResult Verify(
        string account,
        HttpRequest request,
        IOptions<NurtureOptions> options,
        TimeProvider machineTime
    )
    {
        var signed = new SignedQuery(request.Query);
        return !options.Value.WeChat.Accounts.TryGetValue(account, out var settings) ? Unknown(account)
            : signed.IsBy(settings.Token, machineTime) ? TypedResults.Text(signed.Echo, "text/plain")
            : Unsigned();
    }

    private static async Task<IResult> ReceiveAsync(
        string account,
        HttpRequest request,
        IOptions<NurtureOptions> options,
        WebhookRates rates,
        InboxWriter inbox,
        WorkSignal signal,
        ILogger<WebhookRates> logger,
        TimeProvider machineTime,
        CancellationToken cancellationToken
    )
    {
        if (!options.Value.WeChat.Accounts.TryGetValue(account, out var settings))
        {
            return Unknown(account);
        }

        var signed = new SignedQuery(request.Query);
        if (!signed.IsBy(settings.Token, machineTime))
        {
            LogRefused(logger, account);
            return Unsigned();
        }

        if (await RequestBody.ReadAsync(request, MaxBody, cancellationToken) is not { } body)
        {
            return TypedResults.Problem(
                $"The body is larger than {MaxBody} bytes.",
                statusCode: StatusCodes.Status413PayloadTooLarge
            );
        }

        if (WeChatPush.TryRead(Encoding.UTF8.GetString(body)) is not { } outer)
        {
            return Problems.BadRequest("The body is no XML, has a document type, or is too long.");
        }

        var (push, fault) = Open(outer, settings, signed);
        if (push is null)
        {
            LogRefused(logger, account);
            return Problems.BadRequest(fault!);
        }

        var source = WeChatEvent.SourceOf(settings.AppId);
        if (rates.RetryAfter(source, 1) is { } wait)
        {
            return CrmWebhook.TooMany(request, wait);
        }

        // Locations are not stored.
        if (push.Event is not ("location" or "location_select"))
        {
            await inbox.AppendAsync(
                new IncomingEvent(
                    source,
                    push.EventId,
                    Lanes.Of(WeChatEvent.LeadOf(source, push)),
                    WeChatEvent.TypeOf(push),
                    push.ToBody()
                ),
                cancellationToken
            );
            NurtureMetrics.CountReceived("wechat", 1);
            Waypoints.Pass("intake.stored");
            signal.Raise();
        }

        return TypedResults.Text(Taken, "text/plain");
    }

    // Of a push that holds both, only what is encrypted is trusted.
    private static (WeChatPush? Push, string? Fault) Open(
        WeChatPush outer,
        WeChatAccountOptions settings,
        SignedQuery signed
    )
    {
        var push = outer;
        if (settings.Mode != WeChatMode.Plain)
        {
            if (outer.CipherText is not { Length: > 0 } cipherText)
            {
                return (null, $"The push is not encrypted; the account's mode is '{settings.Mode}'.");
            }

            if (!signed.IsOf(cipherText, settings.Token))
            {
                return (null, "The signature of the cipher text ('msg_signature') is missing or wrong.");
            }

            if (new WeChatCipher(settings.EncodingAesKey, settings.AppId).Decrypt(cipherText) is not { } xml)
            {
                return (null, "The cipher text can't be read by the account's key, or is another account's.");
            }

            push = WeChatPush.TryRead(xml);
        }

        return push is { IsWhole: true }
            ? (push, null)
            : (null, "FromUserName, CreateTime, MsgType or Event is missing; expected all of them.");
    }

    private static IResult Unknown(string account) =>
        TypedResults.Problem(
            $"There is no account '{account}'; expected one of Nurture:WeChat:Accounts.",
            statusCode: StatusCodes.Status404NotFound
        );

    private static IResult Unsigned() =>
        TypedResults.Problem(
            "The signature is missing, wrong or too old.",
            statusCode: StatusCodes.Status401Unauthorized
        );

    [LoggerMessage(
        EventId = 1003,
        Level = LogLevel.Warning,
        Message = "A push for the WeChat account {Account} was refused: its signature or its cipher text is wrong"
    )]
    private static partial void LogRefused(ILogger logger, string account);

    /// <summary>What WeChat puts into the address of each call.</summary>
    private sealed class SignedQuery(IQueryCollection query)
    {
        public string Echo => query["echostr"].ToString();

        private string Timestamp => query["timestamp"].ToString();

        private string Nonce => query["nonce"].ToString();

        public bool IsBy(string token, TimeProvider machineTime) =>
            WeChatSignature.IsOf(query["signature"].ToString(), token, Timestamp, Nonce)
            && WeChatSignature.IsRecent(Timestamp, machineTime.GetUtcNow());

        public bool IsOf(string cipherText, string token) =>
            WeChatSignature.IsOf(query["msg_signature"].ToString(), token, Timestamp, Nonce, cipherText);
    }
}
