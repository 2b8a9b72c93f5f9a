using System.Globalization;

namespace NurtureEngine.Core.Diagnostics;

/// <summary>
/// A fault in someone's file or request. <paramref name="Place"/> is a JSON pointer, <c>step 'name'</c> or
/// <c>file:line:column</c>; <paramref name="Message"/> quotes what was found and says what was expected, in English.
/// </summary>
public sealed record Diagnostic(string Place, string Message)
{
    private readonly Sentence? _sentence;

    /// <summary>A fault that can be said in Chinese too.</summary>
    public Diagnostic(string place, Sentence sentence)
        : this(place, sentence.ToString()) => _sentence = sentence;

    /// <summary>A fault of one input or member, by which its message begins.</summary>
    public Diagnostic(string place, string subject, Sentence sentence)
        : this(place, $"'{subject}' {sentence}") => (Subject, _sentence) = (subject, sentence);

    /// <summary>The input or member that it is about; null for none.</summary>
    public string? Subject { get; }

    /// <summary>The message for readers of a culture.</summary>
    /// <param name="culture">Chinese, or any other for English.</param>
    /// <param name="subject">What people call the subject; null says its name in the definition.</param>
    public string In(CultureInfo culture, string? subject = null)
    {
        var sentence = _sentence?.In(culture) ?? ((Sentence)Message).In(culture);
        var gap = culture.TwoLetterISOLanguageName == "zh" ? "" : " ";
        return Subject is null ? sentence
            : subject is null ? $"'{Subject}'{gap}{sentence}"
            : $"“{subject}”{gap}{sentence}";
    }

    public bool Equals(Diagnostic? other) => other is not null && Place == other.Place && Message == other.Message;

    public override int GetHashCode() => HashCode.Combine(Place, Message);

    public override string ToString() => $"{Place}: {Message}";
}
