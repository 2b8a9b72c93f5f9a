using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Intake.HubSpot;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Host.Configuration;

/// <summary>Checks the machine settings at start and names every fault. A secret's value is never repeated.</summary>
internal sealed partial class NurtureOptionsValidator(IConfiguration configuration, bool serves)
    : IValidateOptions<NurtureOptions>
{
    public ValidateOptionsResult Validate(string? name, NurtureOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    // A setting that nobody reads is a typing error, and its writer believes that it holds.
    private IEnumerable<string> Unknown()
    {
        foreach (var (key, value) in configuration.GetSection(NurtureOptions.Section).AsEnumerable(true))
        {
            if (value is not null && !KnownSetting().IsMatch(key))
            {
                yield return $"Nurture:{key} is not known; expected DataFolder, WorkflowsFolder, TemplatesFolder, CalendarsFolder, PublicUrl, Keys:Wrapping and Keys:Previous, Email:Mode, Email:BounceDomain, Email:Smtp:…, Email:Dkim:{{Domain, Selector, KeyFile, Ed25519:Selector, Ed25519:KeyFile}}, Webhooks:Sources:{{name}}:Secrets:{{0, 1 …}} and PerSecond, Webhooks:HubSpot:ClientSecret, Webhooks:Targets:{{name}}:Url and Secret, Alerts:Targets:{{name}}:Kind and Url, WeChat:ApiUrl, WeChat:Accounts:{{name}}:{{AppId, AppSecret, Token, EncodingAesKey, Mode}}, SignIn:Oidc:{{Authority, ClientId, ClientSecret, RoleClaim, Roles:{{role}}}}, SignIn:TrustedProxies:{{0, 1 …}}, or Http:AllowPrivateAddresses.";
            }
        }

        foreach (var connection in configuration.GetSection("ConnectionStrings").GetChildren())
        {
            if (!string.Equals(connection.Key, "Nurture", StringComparison.OrdinalIgnoreCase))
            {
                yield return $"ConnectionStrings:{connection.Key} is not known; expected ConnectionStrings:Nurture.";
            }
        }
    }

    private IEnumerable<string> Faults(NurtureOptions options)
    {
        foreach (var fault in Unknown())
        {
            yield return fault;
        }

        foreach (
            var (key, value) in new[]
            {
                ("DataFolder", options.DataFolder),
                ("WorkflowsFolder", options.WorkflowsFolder),
                ("TemplatesFolder", options.TemplatesFolder),
            }
        )
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                yield return $"Nurture:{key} is empty; expected a folder.";
            }
        }

        var isExternal = !string.IsNullOrEmpty(configuration.GetConnectionString("Nurture"));
        foreach (var fault in EmailOptionsValidation.Faults(options, isExternal, serves))
        {
            yield return fault;
        }

        if (options.PublicUrl is { } address && !IsWebAddress(address))
        {
            yield return "Nurture:PublicUrl is no address; expected one such as https://go.example.com.";
        }

        foreach (var fault in options.SignIn.Faults().Concat(options.SignIn.Oidc.Faults()))
        {
            yield return fault;
        }

        foreach (var fault in options.WeChat.Faults())
        {
            yield return fault;
        }

        if (options.Keys.Wrapping is { Length: < 16 })
        {
            yield return "Nurture:Keys:Wrapping is too short to protect anything; expected 16 or more characters, chosen by chance.";
        }

        foreach (var (name, target) in options.Webhooks.Targets)
        {
            if (!IsTarget(target.Url))
            {
                yield return $"Nurture:Webhooks:Targets:{name}:Url is no address; expected one such as https://example.com/hook (http on this machine only).";
            }

            if (WebhookSignature.KeyOf(target.Secret) is null)
            {
                yield return $"Nurture:Webhooks:Targets:{name}:Secret is no secret; expected 'whsec_' and the base64 of 24 to 64 bytes.";
            }
        }

        foreach (var (name, target) in options.Alerts.Targets)
        {
            if (!SourceName().IsMatch(name))
            {
                yield return $"Nurture:Alerts:Targets '{name}' is no name; expected lower-case letters, digits and hyphens.";
            }

            if (target.Kind != "slack")
            {
                yield return $"Nurture:Alerts:Targets:{name}:Kind is '{target.Kind}'; expected slack.";
            }

            // User names and fragments would not be sent.
            if (!IsTarget(target.Url) || new Uri(target.Url) is not { UserInfo: "", Fragment: "" })
            {
                yield return $"Nurture:Alerts:Targets:{name}:Url is no address; expected one such as https://hooks.slack.com/services/… (http on this machine only), without user name and fragment.";
            }
        }

        if (options.Webhooks.HubSpot.ClientSecret is { Length: < 16 })
        {
            yield return "Nurture:Webhooks:HubSpot:ClientSecret is too short; expected the client secret of the app, 16 or more characters.";
        }

        foreach (var (source, settings) in options.Webhooks.Sources)
        {
            if (!SourceName().IsMatch(source))
            {
                yield return $"Nurture:Webhooks:Sources '{source}' is no name; expected lower-case letters, digits and hyphens.";
            }

            if (Reserved.Contains(source))
            {
                yield return $"Nurture:Webhooks:Sources '{source}' is the engine's own name; expected another one than {string.Join(", ", Reserved)}.";
            }

            if (settings.PerSecond is < 1 or > 1_000_000)
            {
                yield return $"Nurture:Webhooks:Sources:{source}:PerSecond is {settings.PerSecond}; expected 1 to 1000000 events.";
            }

            if (settings.Secrets.Length == 0)
            {
                yield return $"Nurture:Webhooks:Sources:{source}:Secrets is empty; expected at least one 'whsec_…'.";
            }

            foreach (
                var (index, secret) in settings
                    .Secrets.Index()
                    .Where(secret => WebhookSignature.KeyOf(secret.Item) is null)
            )
            {
                yield return $"Nurture:Webhooks:Sources:{source}:Secrets:{index} is no secret; expected 'whsec_' and the base64 of 24 to 64 bytes.";
            }
        }
    }

    private static readonly string[] Reserved =
    [
        EngineEvents.Source,
        HubSpotEvent.Source,
        ExternalKey.ByAddress,
        ExternalKey.ByDomain,
    ];

    private static bool IsTarget(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);

    private static bool IsWebAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url.Query.Length == 0
        && url.Fragment.Length == 0;

    [GeneratedRegex(
        "^(DataFolder|WorkflowsFolder|TemplatesFolder|CalendarsFolder|PublicUrl|Keys:(Wrapping|Previous)|Email:(Mode|BounceDomain|Smtp:(Host|Port|Security|UserName|Password|AccessTokenFile|CaFile|GreetAs|MaxConnections|MessagesPerConnection|MessagesPerSecond|Destinations:[^:]+|ConnectTimeout|CommandTimeout|DataTimeout|DoneTimeout|IdleTimeout)|Dkim:(Domain|Selector|KeyFile|Ed25519:(Selector|KeyFile)))|Webhooks:Sources:[^:]+:(Secrets:[0-9]+|PerSecond)|Webhooks:HubSpot:ClientSecret|Webhooks:Targets:[^:]+:(Url|Secret)|Alerts:Targets:[^:]+:(Kind|Url)|Http:AllowPrivateAddresses|WeChat:ApiUrl|WeChat:Accounts:[^:]+:(AppId|AppSecret|Token|EncodingAesKey|Mode)|SignIn:(TrustedProxies:[0-9]+|Oidc:(Authority|ClientId|ClientSecret|RoleClaim|Roles:[^:]+)))$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex KnownSetting();

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$")]
    private static partial Regex SourceName();
}
