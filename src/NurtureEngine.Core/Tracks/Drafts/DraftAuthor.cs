namespace NurtureEngine.Core.Tracks.Drafts;

/// <summary>Who saves a draft.</summary>
/// <param name="Name">A user name, or <c>key/</c> and the name of an API key.</param>
/// <param name="Editor">The page of the designer; null for other clients.</param>
public sealed record DraftAuthor(string Name, string? Editor);
