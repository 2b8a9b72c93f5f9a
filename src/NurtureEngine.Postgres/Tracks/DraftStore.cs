using Npgsql;
using NurtureEngine.Core.People;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Postgres.People;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>Keeps the drafts of tracks.</summary>
public sealed class DraftStore(NpgsqlDataSource database)
{
    private const string SelectSql = """
        SELECT id, definition_id, origin, base_number, revision, definition, editor, authors, saved_by, saved_at FROM track_draft
        """;

    private const string FindSql = $"{SelectSql} WHERE definition_id = @definitionId AND origin = @origin";

    private const string ListSql = $"{SelectSql} WHERE origin = @origin ORDER BY definition_id";

    internal const string BeginSql = """
        INSERT INTO track_draft (definition_id, origin, base_number, revision, definition, editor, authors, saved_by, saved_at)
        VALUES (@DefinitionId, @Origin, @BaseNumber, 1, @Definition, @Editor, ARRAY[@SavedBy], @SavedBy, @SavedAt)
        ON CONFLICT (definition_id, origin) DO NOTHING
        RETURNING *
        """;

    // A draft that was there when its track was taken out of force is based on nothing.
    internal const string RebaseSql =
        "UPDATE track_draft SET base_number = 0 WHERE definition_id = @DefinitionId AND origin = 'designer'";

    private const string SaveSql = """
        UPDATE track_draft
           SET revision = revision + 1, definition = @Definition, editor = @Editor, saved_by = @SavedBy, saved_at = @SavedAt,
               authors = CASE WHEN @SavedBy = ANY(authors) THEN authors ELSE authors || @SavedBy END
         WHERE id = @Id AND revision = @Revision
        RETURNING *
        """;

    // A file's draft is replaced by the file's next content, and left alone by the same.
    internal const string PutFileSql = """
        INSERT INTO track_draft AS d (definition_id, origin, base_number, revision, definition, authors, saved_by, saved_at)
        VALUES (@DefinitionId, 'file', @BaseNumber, 1, @Definition, ARRAY[@SavedBy], @SavedBy, @SavedAt)
        ON CONFLICT (definition_id, origin) DO UPDATE
           SET revision = d.revision + 1, base_number = excluded.base_number, definition = excluded.definition,
               saved_by = excluded.saved_by, saved_at = excluded.saved_at
         WHERE d.definition <> excluded.definition
        """;

    // The designer's draft is never overwritten by a file.
    private const string TakeFileSql = """
        UPDATE track_draft d
           SET origin = 'designer', revision = d.revision + 1, saved_by = @actor, saved_at = @now, authors = ARRAY[@actor]
         WHERE d.definition_id = @definitionId AND d.origin = 'file'
           AND NOT EXISTS (SELECT FROM track_draft o WHERE o.definition_id = d.definition_id AND o.origin = 'designer')
        """;

    // The id of a track that was never published is free again: its test leads go with it.
    private const string DiscardSql = """
        WITH forgotten AS (
            DELETE FROM track_trial t
             WHERE t.definition_id = @definitionId
               AND NOT EXISTS (SELECT FROM track WHERE definition_id = @definitionId)
               AND NOT EXISTS (SELECT FROM track_draft WHERE definition_id = @definitionId AND origin <> @origin)
               AND EXISTS (
                   SELECT FROM track_draft
                    WHERE definition_id = @definitionId AND origin = @origin AND (@revision::int IS NULL OR revision = @revision)
               )
        )
        DELETE FROM track_draft
         WHERE definition_id = @definitionId AND origin = @origin AND (@revision::int IS NULL OR revision = @revision)
        """;

    /// <summary>The draft of a track and an origin; null for none.</summary>
    public Task<TrackDraft?> FindAsync(string definitionId, string origin, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<TrackDraft>(FindSql, new { definitionId, origin }, cancellationToken);

    /// <summary>All drafts of an origin, by definition id.</summary>
    public async Task<IReadOnlyList<TrackDraft>> ListAsync(string origin, CancellationToken cancellationToken) =>
        await database.QueryAsync<TrackDraft>(ListSql, new { origin }, cancellationToken);

    /// <summary>
    /// Begins a draft (revision 0), or saves it over the revision that it names. Null if another draft was begun or another revision saved
    /// in the meantime.
    /// </summary>
    public Task<TrackDraft?> SaveAsync(TrackDraft draft, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<TrackDraft>(
            draft.Revision == 0 ? BeginSql : SaveSql,
            draft,
            cancellationToken
        );

    /// <summary>Makes a file's draft the designer's, with an entry in the audit log; false if there is none, or the designer has one.</summary>
    public async Task<bool> TakeFileAsync(string definitionId, AuditEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            var parameters = new
            {
                definitionId,
                actor = entry.Actor,
                now = entry.At,
            };
            return await database.ExecuteAsync(TakeFileSql, parameters, entry, cancellationToken) > 0;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Someone has begun a draft in the same moment.
            return false;
        }
    }

    /// <summary>Discards a draft, with an entry in the audit log; false if there is none in the revision that is named.</summary>
    public async Task<bool> DiscardAsync(
        string definitionId,
        string origin,
        int? revision,
        AuditEntry? entry,
        CancellationToken cancellationToken
    ) =>
        await database.ExecuteAsync(
            DiscardSql,
            new
            {
                definitionId,
                origin,
                revision,
            },
            entry,
            cancellationToken
        ) > 0;
}
