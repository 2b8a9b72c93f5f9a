using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Host.Verbs;

/// <summary>What <c>fire</c> takes, and the event that it makes of it.</summary>
internal sealed class FireOptions
{
    private readonly Option<string> _email = new("--email") { Description = "The lead's address.", Required = true };
    private readonly Option<string> _to = new("--to")
    {
        Description = "The stage the lead arrives at.",
        Required = true,
    };
    private readonly Option<string?> _from = new("--from") { Description = "The stage it comes from." };
    private readonly Option<string?> _lifeCycle = new("--life-cycle")
    {
        Description = "The life cycle; the default one where not given.",
    };
    private readonly Option<string?> _externalId = new("--external-id")
    {
        Description = "What the CRM calls the lead; made from the address where not given.",
    };
    private readonly Option<string?> _name = new("--name") { Description = "The lead's name." };
    private readonly Option<string?> _language = new("--language")
    {
        Description = "The lead's language, such as en or zh-CN.",
    };
    private readonly Option<string?> _company = new("--company") { Description = "The name of the lead's company." };
    private readonly Option<string?> _tier = new("--tier")
    {
        Description = "The company's tier: T1, T2 or T3. Needs --company.",
    };
    private readonly Option<bool> _noConsent = new("--no-consent")
    {
        Description = "Do not say that the lead consented to e-mail.",
    };

    public Option<string> Source { get; } =
        new("--source")
        {
            Description = "The webhook source to sign for.",
            DefaultValueFactory = _ => FirstStart.DevSource,
        };

    public Option<Uri> Url { get; } =
        new("--url")
        {
            Description = "The host's address; the first of ASPNETCORE_URLS where not given.",
            DefaultValueFactory = _ => HostAddress(),
            CustomParser = ParseUrl,
        };

    public Option<string?> EventId { get; } =
        new("--event-id") { Description = "The event's id; the same id twice is one event." };

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _email,
            _to,
            _from,
            _lifeCycle,
            _externalId,
            _name,
            _language,
            _company,
            _tier,
            _noConsent,
            Source,
            Url,
            EventId,
        ];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(_email) is { Tokens: [{ Value: var email }] } && !EmailAddress.IsValid(email))
            {
                result.AddError($"--email '{email}' is no address; expected one such as ann@example.com.");
            }

            if (result.GetValue(_tier) is not null && result.GetValue(_company) is null)
            {
                result.AddError("--tier is the company's: give --company too.");
            }
        });
    }

    public object Event(ParseResult result, string source, DateTimeOffset now)
    {
        var email = result.GetRequiredValue(_email);
        return new
        {
            type = "lead.stage_changed",
            timestamp = now,
            data = new
            {
                lead = new
                {
                    externalId = result.GetValue(_externalId) ?? IdOf(email),
                    email,
                    name = result.GetValue(_name),
                    language = result.GetValue(_language),
                    company = result.GetValue(_company) is { } company
                        ? new { name = company, tier = result.GetValue(_tier) }
                        : null,
                    consent = result.GetValue(_noConsent)
                        ? null
                        : new[]
                        {
                            new
                            {
                                channel = Channel.Email,
                                purpose = Consent.Marketing,
                                granted = true,
                                source,
                                at = now,
                            },
                        },
                },
                lifeCycle = result.GetValue(_lifeCycle),
                from = result.GetValue(_from),
                to = result.GetRequiredValue(_to),
            },
        };
    }

    // A host that listens on every address is reached by this machine's own.
    private static Uri HostAddress()
    {
        var first = Environment.GetEnvironmentVariable("ASPNETCORE_URLS")?.Split(';')[0] ?? "";
        var reachable = first
            .Replace("://+", "://localhost", StringComparison.Ordinal)
            .Replace("://*", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
            .Replace("://[::]", "://localhost", StringComparison.Ordinal);
        return Uri.TryCreate(reachable, UriKind.Absolute, out var url) ? url : new Uri("http://localhost:5000");
    }

    private static Uri? ParseUrl(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https"))
        {
            return url;
        }

        result.AddError($"--url '{text}' is no address; expected one such as http://localhost:5000.");
        return null;
    }

    // The same address is the same lead at every call.
    private static string IdOf(string email) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email)))[..12];
}
