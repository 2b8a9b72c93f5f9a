namespace NurtureEngine.Core.Rulebooks;

/// <summary>An entry of the business dictionary: what an object or a metric is, defined once for everybody.</summary>
public sealed record Term(string Kind, string Name, LocalisedText Definition);
