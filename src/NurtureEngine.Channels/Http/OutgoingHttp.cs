using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Refit;

namespace NurtureEngine.Channels.Http;

/// <summary>
/// What all calls of systems with a known API have in common: connections that are guarded, time limits, repetition of what surely never arrived and of
/// nothing else, a circuit breaker for each target, and no address or token in exceptions, logs or traces.
/// </summary>
public static class OutgoingHttp
{
    /// <summary>The property of a request that holds the configured name of its target.</summary>
    public const string Target = "nurture.target";

    /// <summary>The property of a request that holds the whole address of its target, a <see cref="Uri"/>; it may be a secret.</summary>
    public const string Address = "nurture.address";

    private const string NoTarget = "";

    // One failure among a few is none of the target's as a whole.
    private const double FailureRatio = 0.5;

    private static readonly HttpRequestOptionsKey<object> TargetKey = new(Target);
    private static readonly HttpRequestOptionsKey<object> AddressKey = new(Address);

    /// <summary>Registers a client of that name.</summary>
    public static IServiceCollection AddOutgoing(
        this IServiceCollection services,
        string name,
        Func<IServiceProvider, bool> allowsPrivate
    )
    {
        services
            .AddHttpClient(name, http => http.Timeout = Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(provider =>
            {
                var handler = new GuardedConnection(allowsPrivate(provider)).Handler();
                handler.ActivityHeadersPropagator = null;
                return handler;
            })
            .AddPipeline();
        return services;
    }

    // The address is put in behind the pipeline, attempt by attempt, so that nothing in front of it can tell it.
    private static void AddPipeline(this IHttpClientBuilder client)
    {
        client
            .AddStandardResilienceHandler()
            .SelectPipelineBy(_ => TargetOf)
            .Configure(
                (options, provider) =>
                {
                    var health = provider.GetRequiredService<TargetHealth>();
                    options.Retry.MaxRetryAttempts = 2;
                    options.Retry.Delay = TimeSpan.FromMilliseconds(200);
                    options.Retry.ShouldHandle = arguments =>
                        ValueTask.FromResult(NeverArrived(arguments.Outcome.Exception));
                    options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(10);
                    options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(25);
                    options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(60);
                    options.CircuitBreaker.MinimumThroughput = 5;
                    options.CircuitBreaker.FailureRatio = FailureRatio;
                    options.CircuitBreaker.ShouldHandle = arguments =>
                        ValueTask.FromResult(IsFailure(arguments.Outcome));
                    options.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(30);
                    options.CircuitBreaker.OnOpened = arguments =>
                    {
                        health.Break(NameOf(arguments.Context), arguments.BreakDuration);
                        return ValueTask.CompletedTask;
                    };
                    options.CircuitBreaker.OnClosed = arguments =>
                    {
                        health.Repair(NameOf(arguments.Context));
                        return ValueTask.CompletedTask;
                    };
                }
            );
        client.AddHttpMessageHandler(() => new Addressing());
    }

    /// <summary>Settings of a client whose messages these are: characters as they are, and exceptions that show neither addresses nor contents.</summary>
    public static RefitSettings Settings(JsonSerializerContext messages) =>
        new(
            new SystemTextJsonContentSerializer(
                new JsonSerializerOptions
                {
                    Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                    TypeInfoResolver = messages,
                    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                }
            )
        )
        {
            ExceptionRedactor = exception =>
            {
                exception.RequestMessage.RequestUri = null;
                if (exception is ApiException answered)
                {
                    answered.Content = null;
                }
            },
            MaxExceptionContentLength = 500,
        };

    /// <summary>The code of an attempt that a circuit breaker has not let out.</summary>
    public const string Failing = "target.failing";

    /// <summary>The code of an attempt at an address that is not allowed.</summary>
    public const string PrivateAddress = "address.private";

    /// <summary>
    /// What kept a call from its answer, as a code that names no address; null where it is none of the way's, such as the end of the host. The client wraps
    /// what the connection says.
    /// </summary>
    public static string? FailureOf(Exception exception, CancellationToken ended) =>
        exception switch
        {
            BrokenCircuitException => Failing,
            TimeoutRejectedException => "Timeout",
            HttpRequestException { InnerException: PrivateAddressException } => PrivateAddress,
            HttpRequestException unreached => $"{unreached.HttpRequestError}",
            OperationCanceledException when !ended.IsCancellationRequested => "Timeout",
            { InnerException: { } inner } => FailureOf(inner, ended),
            _ => null,
        };

    private static bool NeverArrived(Exception? exception) =>
        exception
            is HttpRequestException
            {
                InnerException: not PrivateAddressException,
                HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            };

    private static string TargetOf(HttpRequestMessage request) =>
        request.Options.TryGetValue(TargetKey, out var target) ? $"{target}" : NoTarget;

    private static string NameOf(ResilienceContext context) =>
        context.GetRequestMessage() is { } request ? TargetOf(request) : NoTarget;

    // A receiver that asks for patience works.
    private static bool IsFailure(Outcome<HttpResponseMessage> outcome) =>
        outcome switch
        {
            { Exception: HttpRequestException { InnerException: PrivateAddressException } } => false,
            { Exception: HttpRequestException or TimeoutRejectedException } => true,
            { Result.StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.RequestTimeout } => true,
            _ => false,
        };

    private sealed class Addressing : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var shown = request.RequestUri;
            try
            {
                if (request.Options.TryGetValue(AddressKey, out var address))
                {
                    request.RequestUri = (Uri)address;
                }

                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                request.RequestUri = shown;
            }
        }
    }
}
