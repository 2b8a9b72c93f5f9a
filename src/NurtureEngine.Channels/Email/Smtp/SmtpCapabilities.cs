namespace NurtureEngine.Channels.Email.Smtp;

/// <summary>What a server says that it can do (EHLO).</summary>
internal sealed class SmtpCapabilities
{
    private readonly Dictionary<string, string[]> _words = new(StringComparer.OrdinalIgnoreCase);

    public SmtpCapabilities(IEnumerable<string> lines)
    {
        foreach (var words in lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (words.Length > 0)
            {
                _words[words[0]] = words[1..];
            }
        }
    }

    public static SmtpCapabilities None { get; } = new([]);

    public bool HasStartTls => _words.ContainsKey("STARTTLS");

    public bool HasPipelining => _words.ContainsKey("PIPELINING");

    public bool Has8BitMime => _words.ContainsKey("8BITMIME");

    public bool HasUtf8 => _words.ContainsKey("SMTPUTF8");

    public bool HasReports => _words.ContainsKey("DSN");

    public bool CanSignInBy(string mechanism) =>
        _words.TryGetValue("AUTH", out var mechanisms)
        && mechanisms.Contains(mechanism, StringComparer.OrdinalIgnoreCase);

    /// <summary>The largest message, in bytes; null where the server names none.</summary>
    public long? MaxSize =>
        _words.TryGetValue("SIZE", out var size) && size is [var text] && long.TryParse(text, out var most) && most > 0
            ? most
            : null;
}
