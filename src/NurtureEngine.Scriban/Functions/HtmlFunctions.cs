using System.Net;
using System.Text.RegularExpressions;
using NurtureEngine.Scriban.Evaluation.Objects;
using static NurtureEngine.Scriban.Functions.Builtin;

namespace NurtureEngine.Scriban.Functions;

/// <summary><c>html.*</c>. In HTML, values are escaped when printed; what these escape themselves is markup from then on.</summary>
internal static partial class HtmlFunctions
{
    // Stripping tags from a hostile text must not take for ever.
    private const int RegexMilliseconds = 250;

    public static Builtin[] All { get; } =
    [
        Of("html.raw text", call => AsMarkup(call, call.Text(0))),
        Of("html.escape text", call => AsMarkup(call, WebUtility.HtmlEncode(call.Text(0)))),
        Of("html.newline_to_br text", call => AsMarkup(call, LineBreak().Replace(Encoded(call), "<br />$0"))),
        Of("html.strip text", call => Tags().Replace(call.Text(0), "")),
        Of(
            "html.url_encode text",
            call => WebUtility.UrlEncode(call.Text(0)).Replace("+", "%20", StringComparison.Ordinal)
        ),
        Of(
            "html.url_escape text",
            call => Reserved().Replace(Uri.EscapeDataString(call.Text(0)), match => Uri.UnescapeDataString(match.Value))
        ),
    ];

    private static object AsMarkup(Invocation call, string markup) =>
        call.Renderer.Kind == OutputKind.Html ? new Markup(markup) : markup;

    // In HTML the text itself is still to be escaped; as plain text it stands for itself.
    private static string Encoded(Invocation call) =>
        call.Renderer.Kind == OutputKind.Html && call.Value(0) is not Markup
            ? WebUtility.HtmlEncode(call.Text(0))
            : call.Text(0);

    // What has a meaning in an address stays as it is (RFC 3986, section 2.2).
    [GeneratedRegex(
        "%(21|23|24|26|27|28|29|2A|2B|2C|2F|3A|3B|3D|3F|40|5B|5D)",
        RegexOptions.CultureInvariant,
        RegexMilliseconds
    )]
    private static partial Regex Reserved();

    [GeneratedRegex("\r?\n", RegexOptions.CultureInvariant, RegexMilliseconds)]
    private static partial Regex LineBreak();

    [GeneratedRegex(
        @"<script.*?</script>|<!--.*?-->|<style.*?</style>|<(?:[^<>""']|""[^""]*""|'[^']*')*>",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant,
        RegexMilliseconds
    )]
    private static partial Regex Tags();
}
