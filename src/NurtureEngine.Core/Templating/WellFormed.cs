using System.Text;

namespace NurtureEngine.Core.Templating;

/// <summary>Text that can be stored and sent: every surrogate has its other half, and there is no NUL.</summary>
public static class WellFormed
{
    /// <summary>The text, with U+FFFD for every half surrogate and without NUL characters, which PostgreSQL and mail refuse.</summary>
    public static string Of(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0 && !text.Contains('\0', StringComparison.Ordinal))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value != 0)
            {
                clean.Append(rune);
            }
        }

        return clean.ToString();
    }
}
