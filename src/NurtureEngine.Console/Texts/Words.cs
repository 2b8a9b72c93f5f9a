namespace NurtureEngine.Pages.Texts;

/// <summary>Names the resource files that hold the pages' words, one for each language.</summary>
public sealed class Words;
