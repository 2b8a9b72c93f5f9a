namespace NurtureEngine.Channels.Email.Smtp;

/// <summary>The mail server that takes e-mail over for delivery (submission, RFC 6409).</summary>
public sealed class SmtpOptions
{
    /// <summary>The server's name, which its certificate must bear.</summary>
    public string Host { get; set; } = "";

    /// <summary>465 for implicit TLS, 587 for submission, 25 for a relay of one's own.</summary>
    public int Port { get; set; } = 587;

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>Null signs in nowhere.</summary>
    public string? UserName { get; set; }

    public string? Password { get; set; }

    /// <summary>A file that holds an OAuth 2 access token, read anew for each connection; signs in by XOAUTH2.</summary>
    public string? AccessTokenFile { get; set; }

    /// <summary>A file of certificates (PEM) that are trusted instead of those of the system, for a server of one's own.</summary>
    public string? CaFile { get; set; }

    /// <summary>By which name the engine greets; null takes the machine's.</summary>
    public string? GreetAs { get; set; }

    /// <summary>
    /// How many connections each host has open at most. A message takes three round trips, so that a relay far away needs many; relays often allow no
    /// more than 10 to 20.
    /// </summary>
    public int MaxConnections { get; set; } = 32;

    /// <summary>How many messages a connection carries before it is closed.</summary>
    public int MessagesPerConnection { get; set; } = 2_000;

    /// <summary>How many messages each host sends per second at most; null is without a limit.</summary>
    public double? MessagesPerSecond { get; set; }

    /// <summary>The same for a domain of recipients, by its name; <c>*</c> for each of the others.</summary>
    public Dictionary<string, double> Destinations { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long it may take until the server is connected, secured and signed in to.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the server may take to answer a command.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a message may be on its way to the server.</summary>
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the server may take to say that it has taken a message over; then the touch is uncertain.</summary>
    public TimeSpan DoneTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>How long a connection may have lain idle that is used again.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>How the way to the server is secured. A certificate that is not valid for the host ends it in every case.</summary>
public enum SmtpSecurity
{
    /// <summary>TLS is asked for before anything else is said; a server that has none is not used.</summary>
    StartTls,

    /// <summary>TLS from the first byte (RFC 8314).</summary>
    Tls,

    /// <summary>TLS where the server offers it.</summary>
    Opportunistic,

    /// <summary>No TLS: for a relay on this very machine or network. Nothing is signed in to.</summary>
    None,
}
