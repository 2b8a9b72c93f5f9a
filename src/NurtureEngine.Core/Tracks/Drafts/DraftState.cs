using NurtureEngine.Core.Reports;

namespace NurtureEngine.Core.Tracks.Drafts;

/// <summary>What is stored of one definition.</summary>
/// <param name="Draft">The designer's draft; null for none.</param>
/// <param name="Version">The version in force, or the newest where none is; null where none was published.</param>
/// <param name="LastNumber">The number of the newest version; 0 where none was published.</param>
public sealed record DraftState(TrackDraft? Draft, TrackDefinition? Version, int LastNumber)
{
    /// <summary>Whether nothing is stored under the id.</summary>
    public bool IsNew => Draft is null && LastNumber == 0;

    /// <summary>The definition that people see and go on with: the draft, or the version.</summary>
    public string? Definition => Draft?.Definition ?? Version?.Definition;

    /// <summary>The number of the version in force; 0 for none.</summary>
    public int NumberInForce => Version is { IsCurrent: true } version ? version.Number : 0;
}

/// <summary>What the client of a save had before its eyes.</summary>
/// <param name="VersionId">The id of the version, where that was one.</param>
/// <param name="DraftId">The id of the draft, where that was one.</param>
/// <param name="Revision">The draft's revision.</param>
/// <param name="Editor">The page of the designer that saves; null for other clients.</param>
public sealed record Seen(int? VersionId, long? DraftId, int Revision, string? Editor);

/// <summary>Why a save is refused.</summary>
public enum SaveRefusal
{
    None,

    /// <summary>Someone else has saved the draft since.</summary>
    SavedByOther,

    /// <summary>Another version was published since.</summary>
    PublishedSince,

    /// <summary>The draft was discarded or published since.</summary>
    DraftGone,

    /// <summary>A new track would take the id of one that is there.</summary>
    IdTaken,
}
