using System.Collections.Immutable;

namespace NurtureEngine.Core.Tracks.Drafts;

/// <summary>Drafts of tracks, for the people who draw them.</summary>
public interface ITrackDrafts
{
    /// <summary>What is stored of a definition.</summary>
    Task<DraftState> FindAsync(string definitionId, CancellationToken cancellationToken);

    /// <summary>The designer's drafts of all tracks, by definition id.</summary>
    Task<IReadOnlyList<TrackDraft>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Saves a draft over what the caller has just read; null if that has changed in between, and nothing is saved.</summary>
    /// <param name="read">What the caller has read, and merged the definition with.</param>
    /// <param name="definitionId">The track.</param>
    /// <param name="definition">The whole definition, as JSON.</param>
    /// <param name="author">Who saves, and in which page of the designer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<TrackDraft?> SaveAsync(
        DraftState read,
        string definitionId,
        string definition,
        DraftAuthor author,
        CancellationToken cancellationToken
    );

    /// <summary>An id for a new track of this name, which no track has.</summary>
    Task<string> NewIdAsync(string name, CancellationToken cancellationToken);

    /// <summary>Begins a new track as a copy of another one, its draft included; null if there is no such track. The answer is the new id.</summary>
    Task<string?> CopyAsync(string definitionId, string name, string actor, CancellationToken cancellationToken);

    /// <summary>Begins a new track without a step. The answer is its id.</summary>
    Task<string> BeginAsync(string name, string actor, CancellationToken cancellationToken);

    /// <summary>Makes an earlier version the draft; false if there is no such version, or the draft is not the one that was seen.</summary>
    /// <param name="definitionId">The track.</param>
    /// <param name="number">The version.</param>
    /// <param name="revision">The revision of the draft that is replaced; 0 for none.</param>
    /// <param name="author">Who does so.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<bool> RevertAsync(
        string definitionId,
        int number,
        int revision,
        DraftAuthor author,
        CancellationToken cancellationToken
    );

    /// <summary>Discards the designer's draft in the revision that was seen; false if it is not there (any more).</summary>
    Task<bool> DiscardAsync(string definitionId, int revision, string actor, CancellationToken cancellationToken);

    /// <summary>The files that differ from what was published otherwise since they were read, by definition id.</summary>
    Task<IReadOnlyList<TrackDraft>> ListFilesAsync(CancellationToken cancellationToken);

    /// <summary>Makes such a file the designer's draft; false if there is none, or a draft of the designer is there already.</summary>
    Task<bool> TakeFileAsync(string definitionId, string actor, CancellationToken cancellationToken);

    /// <summary>Decides against such a file, until it changes again; false if there is none.</summary>
    Task<bool> DeclineFileAsync(string definitionId, string actor, CancellationToken cancellationToken);

    /// <summary>What is wrong with a definition, as far as is known at once: faults, for which it can't be published, and warnings.</summary>
    Task<DraftProblems> CheckAsync(string definition, CancellationToken cancellationToken);

    /// <summary>Likewise, for someone who is about to publish it: links that are not known yet are tried for some seconds.</summary>
    Task<DraftProblems> ReviewAsync(string definition, CancellationToken cancellationToken);

    /// <summary>The ports of the activities whose ports follow from their inputs, by activity id.</summary>
    Task<IReadOnlyDictionary<string, ImmutableArray<string>>> PortsAsync(
        string definition,
        CancellationToken cancellationToken
    );
}
