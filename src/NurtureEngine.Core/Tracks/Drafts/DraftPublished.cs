using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Tracks.Reviews;

namespace NurtureEngine.Core.Tracks.Drafts;

/// <summary>What is wrong with a definition.</summary>
/// <param name="Faults">Why it can't be published.</param>
/// <param name="Warnings">What a marketer would want to know before it is published.</param>
public sealed record DraftProblems(IReadOnlyList<Diagnostic> Faults, IReadOnlyList<ReviewFinding> Warnings);

/// <summary>What came of publishing.</summary>
public sealed record DraftPublished(PublishOutcome Outcome)
{
    /// <summary>What is wrong with the draft.</summary>
    public DraftProblems Problems { get; init; } = new([], []);

    /// <summary>The tracks in force that send leads to it, if these keep it in force.</summary>
    public IReadOnlyList<string> NeededBy { get; init; } = [];
}

/// <summary>What came of publishing.</summary>
public enum PublishOutcome
{
    /// <summary>It is in force, or out of it, as was asked.</summary>
    Published,

    /// <summary>It equals the version in force; the draft is discarded.</summary>
    Unchanged,

    /// <summary>There is no draft, or no version in force.</summary>
    NoDraft,

    /// <summary>Someone has saved the draft, or published another version, since it was looked at.</summary>
    Overtaken,

    /// <summary>It has faults.</summary>
    Faulty,

    /// <summary>It has warnings that were not accepted.</summary>
    NeedsConsent,

    /// <summary>Someone who has not drawn it must publish it.</summary>
    NeedsOther,

    /// <summary>Leads that were to move would be stranded.</summary>
    Stranding,

    /// <summary>Other tracks send leads to it, so it can't be taken out of force.</summary>
    Needed,
}
