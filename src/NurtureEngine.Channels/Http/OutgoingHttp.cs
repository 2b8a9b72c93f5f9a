using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;
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

    private const string NoTarget = "";

    private static readonly HttpRequestOptionsKey<object> TargetKey = new(Target);

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
                    options.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(30);
                    options.CircuitBreaker.OnOpened = arguments =>
                    {
                        health.Break(NameOf(arguments.Context));
                        return ValueTask.CompletedTask;
                    };
                    options.CircuitBreaker.OnClosed = arguments =>
                    {
                        health.Mend(NameOf(arguments.Context));
                        return ValueTask.CompletedTask;
                    };
                }
            );
        return services;
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
}
