using System.Text.RegularExpressions;

namespace NurtureEngine.Core.Tracks.Reviews;

/// <summary>The links in the source of a content.</summary>
internal static partial class ContentLinks
{
    public static IEnumerable<string> Of(string html) => Address().Matches(html).Select(match => match.Value);

    /// <summary>How many buttons it has; a button is a call to action.</summary>
    public static int ButtonsIn(string html) => Button().Count(html);

    // Complete addresses only: one with a template in it is another for each lead.
    [GeneratedRegex("""(?<=["'])https?://[^\s"'<>{}]+(?=["'])""", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex("""include\s+["']button\.html["']|class\s*=\s*["']button["']""", RegexOptions.CultureInvariant)]
    private static partial Regex Button();
}
