namespace NurtureEngine.Core.Touches;

/// <summary>
/// Tells a person who follows a link from a machine that looks at it: mail systems open every link of a message, often before anybody
/// reads it, and mail programs load pictures for their users.
/// </summary>
public static class HitClass
{
    // Nobody reads and clicks within this time of a message's leaving.
    private static readonly TimeSpan TooSoon = TimeSpan.FromSeconds(5);

    private static readonly string[] Machines =
    [
        "bot",
        "crawl",
        "spider",
        "scan",
        "preview",
        "prefetch",
        "safelinks",
        "barracuda",
        "mimecast",
        "proofpoint",
        "curl/",
        "wget/",
        "python-",
        "go-http-client",
        "java/",
        "headless",
    ];

    // These load a picture when its mail is opened, for the one who opens it.
    private static readonly string[] Proxies = ["googleimageproxy", "yahoomailproxy"];

    /// <summary>Whether a person is likely to be behind a request.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="userAgent">What the program calls itself; null where it says nothing.</param>
    /// <param name="language">The languages that it asks for; null where it asks for none, as no browser does.</param>
    /// <param name="sinceLeft">How long ago the message left; null where that is not known.</param>
    public static bool IsPerson(string method, string? userAgent, string? language, TimeSpan? sinceLeft) =>
        method == "GET"
        && !(sinceLeft < TooSoon)
        && userAgent is { Length: > 0 } program
        && (
            Proxies.Any(proxy => program.Contains(proxy, StringComparison.OrdinalIgnoreCase))
            || (
                !string.IsNullOrEmpty(language)
                && !Machines.Any(machine => program.Contains(machine, StringComparison.OrdinalIgnoreCase))
            )
        );
}
