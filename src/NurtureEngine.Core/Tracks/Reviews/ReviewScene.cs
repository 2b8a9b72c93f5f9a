using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Actions;

namespace NurtureEngine.Core.Tracks.Reviews;

/// <summary>What a review of a track looks at beside the track.</summary>
public sealed record ReviewScene
{
    /// <summary>The contents in force, by key.</summary>
    public required IReadOnlyDictionary<string, ContentSource> Contents { get; init; }

    /// <summary>Their pools.</summary>
    public required Pools Pools { get; init; }

    /// <summary>The other tracks in force.</summary>
    public IReadOnlyList<Track> Others { get; init; } = [];

    /// <summary>The language of leads that have none.</summary>
    public required string DefaultLanguage { get; init; }

    /// <summary>The links that did not answer, each with what happened instead; empty where none was tried.</summary>
    public IReadOnlyDictionary<string, string> DeadLinks { get; init; } = new Dictionary<string, string>();

    /// <summary>How many people enter the track a day, on the average of the last 30 days; null where that is not known.</summary>
    public double? EntriesPerDay { get; init; }

    /// <summary>The share of leads whose touches need an approval, 0 to 1; null where that is not known.</summary>
    public double? ShareToApprove { get; init; }

    /// <summary>How many approvals a day the team can give; null without a limit.</summary>
    public int? ApprovalsPerDay { get; init; }

    /// <summary>How many calls a day the team can make; null without a limit.</summary>
    public int? CallsPerDay { get; init; }

    /// <summary>The contents that a step may send.</summary>
    public IEnumerable<ContentSource> ContentsOf(Step step) =>
        (
            step switch
            {
                SendEmail mail => [mail.ContentKey],
                ContentPool pool => Pools.PiecesOf(pool.Pool),
                _ => Enumerable.Empty<string>(),
            }
        )
            .Select(key => Contents.GetValueOrDefault(key))
            .OfType<ContentSource>();
}
