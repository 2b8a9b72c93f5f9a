using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace NurtureEngine.Core.Contents;

/// <summary>A content as its author wrote it: metadata and one template set per language.</summary>
public sealed record ContentSource
{
    /// <summary>The name by which steps refer to it: its folder under <c>templates/</c>.</summary>
    public required string Key { get; init; }

    public required string Channel { get; init; }

    /// <summary>What the lead's consent must cover, such as <c>marketing</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary>The pool that it is a piece of; null where it is of none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Pool { get; init; }

    /// <summary>Which pieces of a pool go first: 0 to 100, higher first; null as 50.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? PoolPriority { get; init; }

    /// <summary>What it is for; null where its author has said nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ContentMetadata? Metadata { get; init; }

    /// <summary>The texts by IETF language tag.</summary>
    public required ImmutableSortedDictionary<string, EmailSource> Languages { get; init; }

    /// <summary>The partials that the templates include, by name; part of the content, so that a planned touch keeps them too.</summary>
    public ImmutableSortedDictionary<string, string> Partials { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>The Scriban sources of an e-mail in one language; <paramref name="Text"/> null derives the plain text from the HTML.</summary>
public sealed record EmailSource(string Subject, string Preheader, string Html, string? Text);
