namespace NurtureEngine.Core.Templating;

/// <summary>
/// A field that a template reads from its model, as a path such as <c>lead.name</c>, and where. It may be the template's own:
/// within a <c>with</c>, or behind an <c>import</c>, a plain name can be a member of the object.
/// </summary>
public sealed record FieldRead(string Path, int Line, int Column, bool MayBeOwn = false);
