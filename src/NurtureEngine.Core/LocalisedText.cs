using System.Globalization;

namespace NurtureEngine.Core;

/// <summary>A text in the languages of the product's users.</summary>
public sealed record LocalisedText(string English, string Chinese)
{
    /// <summary>The text for readers of a culture: Chinese for each Chinese one, English for all others.</summary>
    public string In(CultureInfo culture) => culture.TwoLetterISOLanguageName == "zh" ? Chinese : English;
}
