using MimeKit.Text;

namespace NurtureEngine.Channels.Email;

/// <summary>The elements whose end tag may be left out, and what ends them then (HTML Living Standard, 13.1.2.4).</summary>
internal static class OptionalEnds
{
    private static readonly Dictionary<string, HashSet<string>> Ends = new(StringComparer.OrdinalIgnoreCase)
    {
        ["p"] = Names(
            "address article aside blockquote div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main menu nav ol p pre section table ul"
        ),
        ["li"] = Names("li"),
        ["dt"] = Names("dt dd"),
        ["dd"] = Names("dt dd"),
        ["td"] = Names("td th tr tbody tfoot"),
        ["th"] = Names("td th tr tbody tfoot"),
        ["tr"] = Names("tr tbody tfoot"),
        ["thead"] = Names("tbody tfoot"),
        ["tbody"] = Names("tbody tfoot"),
        ["option"] = Names("option optgroup"),
    };

    // What may stand in a head; anything else ends it.
    private static readonly HashSet<string> InHead = Names(
        "base basefont link meta noscript script style template title"
    );

    /// <summary>Whether the element may be left open.</summary>
    public static bool Has(string element) => Ends.ContainsKey(element) || IsHead(element);

    /// <summary>Whether an open element ends where a tag begins.</summary>
    public static bool EndedBy(string element, HtmlTagToken tag) =>
        IsHead(element)
            ? !InHead.Contains(tag.Name)
            : Ends.TryGetValue(element, out var ends) && ends.Contains(tag.Name);

    private static bool IsHead(string element) => element.Equals("head", StringComparison.OrdinalIgnoreCase);

    private static HashSet<string> Names(string names) => new(names.Split(' '), StringComparer.OrdinalIgnoreCase);
}
