using System.Security.Cryptography;
using System.Text.RegularExpressions;
using NurtureEngine.Channels.Email.Dkim;
using NurtureEngine.Channels.Email.Smtp;

namespace NurtureEngine.Host.Configuration;

/// <summary>Checks the settings of e-mail and names every fault.</summary>
internal static partial class EmailOptionsValidation
{
    private const string Smtp = "Nurture:Email:Smtp";
    private const string Dkim = "Nurture:Email:Dkim";

    public static IEnumerable<string> Faults(NurtureOptions options, bool isExternal, bool serves)
    {
        var email = options.Email;
        if (email.Mode is null && isExternal && serves)
        {
            yield return "Nurture:Email:Mode is missing; an external database needs the choice: 'smtp' sends e-mail, 'inbox' keeps it in the development inbox.";
        }
        else if (email.Mode is not (null or "inbox" or "smtp"))
        {
            yield return $"Nurture:Email:Mode '{email.Mode}' is not known; expected 'smtp' or 'inbox'.";
        }

        if (email.BounceDomain is { } domain && !Domain().IsMatch(domain))
        {
            yield return $"Nurture:Email:BounceDomain '{domain}' is no domain; expected one such as mail.example.com.";
        }

        foreach (var fault in email.IsReal ? SmtpFaults(options) : [])
        {
            yield return fault;
        }

        foreach (var fault in DkimFaults(email.Dkim))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> SmtpFaults(NurtureOptions options)
    {
        var smtp = options.Email.Smtp;
        if (string.IsNullOrWhiteSpace(smtp.Host))
        {
            yield return $"{Smtp}:Host is missing; Mode 'smtp' needs the name of a mail server.";
        }

        if (options.PublicUrl is null)
        {
            yield return "Nurture:PublicUrl is missing; Mode 'smtp' needs the address under which readers reach the engine, for the links of their e-mails.";
        }

        if (options.PublicUrl?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true)
        {
            yield return "Nurture:PublicUrl begins with http; Mode 'smtp' needs https, which mail programs ask for to unsubscribe with one click (RFC 8058).";
        }

        if (smtp.Port is < 1 or > 65_535)
        {
            yield return $"{Smtp}:Port is {smtp.Port}; expected 1 to 65535.";
        }

        if (!Enum.IsDefined(smtp.Security))
        {
            yield return $"{Smtp}:Security is not known; expected StartTls, Tls, Opportunistic or None.";
        }

        if (smtp.UserName is not null && smtp.Security == SmtpSecurity.None)
        {
            yield return $"{Smtp}:UserName is set and Security is None; a password is not sent in the open: set Security to StartTls or Tls.";
        }

        if (smtp.UserName is not null && smtp.Password is null && smtp.AccessTokenFile is null)
        {
            yield return $"{Smtp}:UserName is set without Password or AccessTokenFile; expected one of them.";
        }

        foreach (var (name, file) in new[] { ("CaFile", smtp.CaFile), ("AccessTokenFile", smtp.AccessTokenFile) })
        {
            if (file is not null && !File.Exists(file))
            {
                yield return $"{Smtp}:{name} '{file}' is no file.";
            }
        }

        if (smtp.MaxConnections is < 1 or > 100)
        {
            yield return $"{Smtp}:MaxConnections is {smtp.MaxConnections}; expected 1 to 100.";
        }

        if (smtp.MessagesPerConnection < 1)
        {
            yield return $"{Smtp}:MessagesPerConnection is {smtp.MessagesPerConnection}; expected 1 or more.";
        }

        foreach (
            var (name, rate) in smtp
                .Destinations.Select(pair => ($"Destinations:{pair.Key}", (double?)pair.Value))
                .Prepend(("MessagesPerSecond", smtp.MessagesPerSecond))
        )
        {
            if (rate is <= 0 or double.NaN)
            {
                yield return $"{Smtp}:{name} is {rate}; expected more than nothing.";
            }
        }

        // Longer, and a touch would count as uncertain while it is still on its way.
        foreach (
            var (name, value) in new[]
            {
                ("ConnectTimeout", smtp.ConnectTimeout),
                ("CommandTimeout", smtp.CommandTimeout),
                ("DataTimeout", smtp.DataTimeout),
                ("DoneTimeout", smtp.DoneTimeout),
            }
        )
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromSeconds(110))
            {
                yield return $"{Smtp}:{name} is {value}; expected more than nothing, up to 00:01:50.";
            }
        }
    }

    private static IEnumerable<string> DkimFaults(DkimOptions dkim)
    {
        var faults = KeyFaults(Dkim, dkim.Selector, dkim.KeyFile, dkim.Domain).ToList();
        var second = new[] { dkim.Ed25519.Selector, dkim.Ed25519.KeyFile }.Any(value => !string.IsNullOrEmpty(value));
        if (second && string.IsNullOrEmpty(dkim.Domain))
        {
            faults.Add($"{Dkim}:Ed25519 is set without {Dkim}:Domain; it is a second signature beside the first.");
        }
        else if (second)
        {
            faults.AddRange(KeyFaults($"{Dkim}:Ed25519", dkim.Ed25519.Selector, dkim.Ed25519.KeyFile, dkim.Domain));
        }

        return faults;
    }

    private static IEnumerable<string> KeyFaults(string section, string? selector, string? keyFile, string? domain)
    {
        var given = new[] { domain, selector, keyFile }.Count(value => !string.IsNullOrEmpty(value));
        if (given == 0)
        {
            yield break;
        }

        if (given < 3)
        {
            yield return section == Dkim
                ? $"{Dkim} has some of Domain, Selector and KeyFile; expected all of them, or none."
                : $"{section} has one of Selector and KeyFile; expected both, or none.";
        }
        else if (!File.Exists(keyFile))
        {
            yield return $"{section}:KeyFile '{keyFile}' is no file.";
        }
        else if (KeyFault(domain!, selector!, keyFile) is { } fault)
        {
            yield return $"{section}:KeyFile holds no usable key: {fault}";
        }
    }

    private static string? KeyFault(string domain, string selector, string keyFile)
    {
        try
        {
            using var signer = DkimSigner.Create(domain, selector, File.ReadAllText(keyFile));
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException or IOException)
        {
            return exception is CryptographicException
                ? exception.Message
                : "expected a private RSA or Ed25519 key in PEM.";
        }
    }

    [GeneratedRegex(@"^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,}$")]
    private static partial Regex Domain();
}
