namespace NurtureEngine.Scriban;

/// <summary>A field that a template reads from its model, as a path such as <c>lead.name</c>, and where.</summary>
public sealed record FieldRead(string Path, int Line, int Column);
