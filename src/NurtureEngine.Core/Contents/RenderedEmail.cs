namespace NurtureEngine.Core.Contents;

/// <summary>An e-mail as one lead gets it. Holds personal data.</summary>
public sealed record RenderedEmail(string Language, string Subject, string Preheader, string Html, string? Text);
