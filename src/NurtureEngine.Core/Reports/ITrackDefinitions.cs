namespace NurtureEngine.Core.Reports;

/// <summary>The definitions of tracks, as they were published.</summary>
public interface ITrackDefinitions
{
    /// <summary>The version in force (the newest where none is), or the one of a number; null if there is none.</summary>
    Task<TrackDefinition?> FindAsync(string definitionId, int? number, CancellationToken cancellationToken);

    /// <summary>A version by its id; null if there is none.</summary>
    Task<TrackDefinition?> FindByIdAsync(int versionId, CancellationToken cancellationToken);

    /// <summary>The versions in force of all tracks, by definition id.</summary>
    Task<IReadOnlyList<TrackDefinition>> ListCurrentAsync(CancellationToken cancellationToken);

    /// <summary>The number of the newest version of each of these tracks; those without a version are left out.</summary>
    Task<IReadOnlyDictionary<string, int>> LastNumbersAsync(
        IReadOnlyCollection<string> definitionIds,
        CancellationToken cancellationToken
    );

    /// <summary>All versions of a track, the newest first.</summary>
    Task<IReadOnlyList<TrackDefinition>> ListVersionsAsync(string definitionId, CancellationToken cancellationToken);
}

/// <summary>A version of a track's definition.</summary>
/// <param name="Id">Its id among all versions of all tracks.</param>
/// <param name="DefinitionId">The track.</param>
/// <param name="Number">Its number among the track's versions.</param>
/// <param name="IsCurrent">Whether it is in force.</param>
/// <param name="PublishedAt">When it was published, business time in UTC.</param>
/// <param name="Definition">The definition, as JSON.</param>
/// <param name="PublishedBy">Who published it: a user name, or <c>key/</c> and the name of an API key; null for a file and for older programs.</param>
public sealed record TrackDefinition(
    int Id,
    string DefinitionId,
    int Number,
    bool IsCurrent,
    DateTimeOffset PublishedAt,
    string Definition,
    string? PublishedBy
);
