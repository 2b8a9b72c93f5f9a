namespace NurtureEngine.Core;

/// <summary>A text in the languages of the product's users.</summary>
public sealed record LocalisedText(string English, string Chinese);
