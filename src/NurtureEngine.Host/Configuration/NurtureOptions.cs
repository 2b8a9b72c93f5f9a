using NurtureEngine.Channels.Email.Dkim;
using NurtureEngine.Channels.Email.Smtp;

namespace NurtureEngine.Host.Configuration;

/// <summary>Machine settings, from <c>appsettings.json</c> and the environment. Marketing settings are in the rulebook.</summary>
internal sealed class NurtureOptions
{
    public const string Section = "Nurture";

    /// <summary>Where the private PostgreSQL keeps its data; relative to the folder that the host is started in.</summary>
    public string DataFolder { get; set; } = "data";

    /// <summary>Where the track definitions are; read at every start.</summary>
    public string WorkflowsFolder { get; set; } = "workflows";

    /// <summary>Where the contents are; read at every start.</summary>
    public string TemplatesFolder { get; set; } = "templates";

    /// <summary>Where the calendars of holidays are; read at every start, for countries of which the rulebook has none.</summary>
    public string CalendarsFolder { get; set; } = "calendars";

    /// <summary>Where the engine is reached from outside, for the links of e-mails; null is the host's own address.</summary>
    public string? PublicUrl { get; set; }

    public KeyOptions Keys { get; set; } = new();

    public EmailOptions Email { get; set; } = new();

    public WebhookOptions Webhooks { get; set; } = new();

    public AlertOptions Alerts { get; set; } = new();

    public WeChatOptions WeChat { get; set; } = new();

    public HttpOptions Http { get; set; } = new();

    public SignInOptions SignIn { get; set; } = new();
}

internal sealed class AlertOptions
{
    /// <summary>Who is told when a lead is handed off, by a name of the operator's choice.</summary>
    public Dictionary<string, AlertTargetOptions> Targets { get; set; } = new(StringComparer.Ordinal);
}

internal sealed class AlertTargetOptions
{
    /// <summary>What it is: <c>slack</c>, an incoming webhook of Slack's or of one that takes the same.</summary>
    public string Kind { get; set; } = "";

    /// <summary>Its address, which is a secret: https, or http on this very machine.</summary>
    public string Url { get; set; } = "";
}

internal sealed class HttpOptions
{
    /// <summary>Whether other systems may be told at addresses of private networks, and by a proxy.</summary>
    public bool AllowPrivateAddresses { get; set; }
}

internal sealed class EmailOptions
{
    /// <summary>Where e-mail goes: <c>smtp</c>, or <c>inbox</c>, the development inbox. Null is that with the private database only.</summary>
    public string? Mode { get; set; }

    /// <summary>
    /// The domain of Message-IDs and of the addresses to which failures are reported; null takes that of the sender's address, and the
    /// address itself.
    /// </summary>
    public string? BounceDomain { get; set; }

    public SmtpOptions Smtp { get; set; } = new();

    public DkimOptions Dkim { get; set; } = new();

    /// <summary>Whether e-mail really leaves.</summary>
    public bool IsReal => Mode == "smtp";
}

internal sealed class DkimOptions
{
    /// <summary>The domain that signs; null signs nothing.</summary>
    public string? Domain { get; set; }

    /// <summary>Under which the domain's DNS has the public key.</summary>
    public string? Selector { get; set; }

    /// <summary>The private key, RSA or Ed25519 in PEM.</summary>
    public string? KeyFile { get; set; }

    /// <summary>A second signature (RFC 8463) by an Ed25519 key; receivers that support RSA only use the first.</summary>
    public DkimKeyOptions Ed25519 { get; set; } = new();

    /// <summary>What signs each message; null where nothing does. The options are valid.</summary>
    public DkimSigner? Signer() =>
        string.IsNullOrEmpty(Domain)
            ? null
            : Create(Selector!, KeyFile!)
                .Beside(Ed25519.KeyFile is { Length: > 0 } file ? Create(Ed25519.Selector!, file) : null);

    private DkimSigner Create(string selector, string file) =>
        DkimSigner.Create(Domain!, selector, File.ReadAllText(file));
}

/// <summary>A further key of the same domain.</summary>
internal sealed class DkimKeyOptions
{
    public string? Selector { get; set; }

    /// <summary>The private key, Ed25519 in PEM.</summary>
    public string? KeyFile { get; set; }
}

internal sealed class KeyOptions
{
    /// <summary>What the keys in the database are encrypted with; null leaves them as they are.</summary>
    public string? Wrapping { get; set; }

    /// <summary>What they were encrypted with before, for the verb <c>rewrap-keys</c> only; null for nothing.</summary>
    public string? Previous { get; set; }
}

internal sealed class WebhookOptions
{
    /// <summary>The CRMs that may fire webhooks, by the name in their address.</summary>
    public Dictionary<string, WebhookSourceOptions> Sources { get; set; } = new(StringComparer.Ordinal);

    public HubSpotOptions HubSpot { get; set; } = new();

    /// <summary>The systems that tracks may tell, by the name under which steps know them.</summary>
    public Dictionary<string, WebhookTargetOptions> Targets { get; set; } = new(StringComparer.Ordinal);
}

internal sealed class HubSpotOptions
{
    /// <summary>The client secret of the app that posts events; null where HubSpot is not connected.</summary>
    public string? ClientSecret { get; set; }
}

internal sealed class WebhookTargetOptions
{
    /// <summary>Where messages are posted: https, or http on this very machine.</summary>
    public string Url { get; set; } = "";

    /// <summary>The secret (<c>whsec_…</c>) that messages are signed with.</summary>
    public string Secret { get; set; } = "";
}

internal sealed class WebhookSourceOptions
{
    /// <summary>How many events a second a source may send one host where nothing is said.</summary>
    public const int Usual = 2_000;

    /// <summary>The secrets (<c>whsec_…</c>) that a signature may be made with; several while one is being replaced.</summary>
    public string[] Secrets { get; set; } = [];

    /// <summary>How many events a second the source may send one host.</summary>
    public int PerSecond { get; set; } = Usual;
}
