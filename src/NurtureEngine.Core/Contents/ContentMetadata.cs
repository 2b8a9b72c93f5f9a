using System.Collections.Immutable;

namespace NurtureEngine.Core.Contents;

/// <summary>What a content is for, in the words of the field; what its author has left open is null or empty.</summary>
public sealed record ContentMetadata
{
    public static readonly ImmutableArray<string> Depths =
    [
        "general",
        "relevant",
        "newsworthy",
        "thoughtLeadership",
        "insight",
    ];

    public static readonly ImmutableArray<string> Formats =
    [
        "article",
        "webinar",
        "whitePaper",
        "video",
        "case",
        "eBook",
    ];

    public static readonly ImmutableArray<string> CaseKinds =
    [
        "Endorser",
        "DemonstratedResult",
        "UnexpectedSuccess",
        "BigName",
        "Converter",
    ];

    public static readonly ImmutableArray<string> CallsToAction =
    [
        "reply",
        "read",
        "download",
        "register",
        "try",
        "meet",
    ];

    /// <summary>The sales stages it suits, by the rulebook's names; empty for all.</summary>
    public ImmutableArray<string> Stages { get; init; } = [];

    /// <summary>The stage of the buyer's cognition (5A) that it speaks to.</summary>
    public string? Cognition { get; init; }

    /// <summary>The buyer's roles it is written for; empty for all.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>How near it comes to the reader's own business, from general to insight.</summary>
    public string? Depth { get; init; }

    public string? Format { get; init; }

    /// <summary>Whose story a case tells; null where it is no case.</summary>
    public string? CaseKind { get; init; }

    /// <summary>The one thing that it asks of the reader.</summary>
    public string? CallToAction { get; init; }
}
