using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using NurtureEngine.Channels.Webhooks;
using NurtureEngine.Core.Intake;
using NurtureEngine.Postgres.Intake;

namespace NurtureEngine.Host.Verbs;

/// <summary><c>fire</c>: signs and posts a stage change as a CRM would.</summary>
internal static class FireVerb
{
    // Webhooks are read by machines, and by people who debug them: Chinese stays Chinese.
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    public static Command Make(IConfiguration configuration)
    {
        var options = new FireOptions();
        var command = new Command(
            "fire",
            "Sign and post a lead's stage change, as a CRM would. Grants e-mail consent unless --no-consent is given."
        );
        options.AddTo(command);
        command.SetAction(
            async (result, cancellationToken) =>
            {
                var settings = VerbSettings.Read(configuration);
                var source = result.GetRequiredValue(options.Source);
                var body = JsonSerializer.SerializeToUtf8Bytes(
                    options.Event(result, source, TimeProvider.System.GetUtcNow()),
                    Json
                );
                var key = await FindKeyAsync(settings, source, cancellationToken);
                return await PostAsync(
                    new Uri(result.GetRequiredValue(options.Url), $"/webhooks/crm/{source}"),
                    key,
                    result.GetValue(options.EventId),
                    body,
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static async Task<byte[]> FindKeyAsync(
        VerbSettings settings,
        string source,
        CancellationToken cancellationToken
    )
    {
        if (settings.Options.Webhooks.Sources.TryGetValue(source, out var configured))
        {
            return WebhookSignature.KeyOf(configured.Secrets[0])!;
        }

        await using var database = await settings.OpenDatabaseAsync(cancellationToken);
        var secret =
            await new WebhookSourceStore(database.Source).FindSecretAsync(source, cancellationToken)
            ?? throw new UsageException(
                $"There is no webhook source '{source}': start the host once, which makes 'dev', or set Nurture__Webhooks__Sources__{source}__Secrets__0."
            );
        return WebhookSignature.KeyOf(secret)!;
    }

    private static async Task<int> PostAsync(
        Uri address,
        byte[] key,
        string? eventId,
        byte[] body,
        CancellationToken cancellationToken
    )
    {
        var id = eventId ?? $"evt_{Guid.NewGuid():N}";
        using var http = new HttpClient();
        using var request = SignedWebhook.Request(address, key, id, TimeProvider.System.GetUtcNow(), body);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var answer = await response.Content.ReadAsStringAsync(cancellationToken);
            await Console.Out.WriteLineAsync($"{(int)response.StatusCode} {answer}");
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (HttpRequestException exception)
        {
            await Console.Error.WriteLineAsync(
                $"{address.GetLeftPart(UriPartial.Authority)} does not answer ({exception.Message}): start the host, or name its address with --url."
            );
            return 1;
        }
    }
}
