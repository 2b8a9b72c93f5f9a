using System.Net;

namespace NurtureEngine.Core.Templating.Rendering;

/// <summary>A text that is HTML already: a capture, a partial, <c>html.raw</c>. What is made of it is a plain text again, and escaped.</summary>
internal sealed class Markup(string value)
{
    public string Value => value;

    /// <summary>A text as HTML that shows it.</summary>
    public static string Escape(string text) =>
        text.AsSpan().IndexOfAny("<>&\"'") < 0 ? text : WebUtility.HtmlEncode(text);

    public override string ToString() => value;
}
