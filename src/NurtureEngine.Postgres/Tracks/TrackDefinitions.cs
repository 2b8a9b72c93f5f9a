using Npgsql;
using NurtureEngine.Core.Reports;

namespace NurtureEngine.Postgres.Tracks;

/// <inheritdoc cref="ITrackDefinitions" />
public sealed class TrackDefinitions(NpgsqlDataSource database) : ITrackDefinitions
{
    private const string SelectSql = """
        SELECT v.id, t.definition_id AS definitionId, v.number, v.is_current AS isCurrent, v.published_at AS publishedAt, v.definition,
               v.published_by AS publishedBy
          FROM track t
          JOIN track_version v ON v.track_id = t.id
        """;

    private const string FindSql = $"""
        {SelectSql}
         WHERE t.definition_id = @definitionId AND (@number::int IS NULL OR v.number = @number)
         ORDER BY v.is_current DESC, v.number DESC
         LIMIT 1
        """;

    private const string LastNumbersSql = """
        SELECT t.definition_id, max(v.number)
          FROM track t
          JOIN track_version v ON v.track_id = t.id
         WHERE t.definition_id = ANY(@ids)
         GROUP BY t.id
        """;

    private const string FindByIdSql = $"{SelectSql} WHERE v.id = @versionId";

    private const string CurrentSql = $"{SelectSql} WHERE v.is_current ORDER BY t.definition_id";

    private const string VersionsSql = $"{SelectSql} WHERE t.definition_id = @definitionId ORDER BY v.number DESC";

    public Task<TrackDefinition?> FindAsync(string definitionId, int? number, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<TrackDefinition>(FindSql, new { definitionId, number }, cancellationToken);

    public Task<TrackDefinition?> FindByIdAsync(int versionId, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<TrackDefinition>(FindByIdSql, new { versionId }, cancellationToken);

    public async Task<IReadOnlyDictionary<string, int>> LastNumbersAsync(
        IReadOnlyCollection<string> definitionIds,
        CancellationToken cancellationToken
    ) =>
        (
            await database.QueryAsync<(string DefinitionId, int Number)>(
                LastNumbersSql,
                new { ids = definitionIds.ToArray() },
                cancellationToken
            )
        ).ToDictionary(track => track.DefinitionId, track => track.Number, StringComparer.Ordinal);

    public async Task<IReadOnlyList<TrackDefinition>> ListCurrentAsync(CancellationToken cancellationToken) =>
        await database.QueryAsync<TrackDefinition>(CurrentSql, null, cancellationToken);

    public async Task<IReadOnlyList<TrackDefinition>> ListVersionsAsync(
        string definitionId,
        CancellationToken cancellationToken
    ) => await database.QueryAsync<TrackDefinition>(VersionsSql, new { definitionId }, cancellationToken);
}
