using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Postgres.Migrations;

namespace NurtureEngine.Postgres.Tracks;

/// <summary>
/// Brings definitions from files into force. A file follows the track for as long as nobody publishes it otherwise; after that, what the file says
/// is kept beside the version in force until a person decides.
/// </summary>
public sealed class TrackFiles(NpgsqlDataSource database)
{
    private const string StateSql = """
        SELECT t.file_hash, c.hash AS current_hash, EXISTS (SELECT FROM track_version v WHERE v.track_id = t.id) AS has_versions,
               EXISTS (SELECT FROM track_version v WHERE v.track_id = t.id AND v.hash IN (@hash, @rawHash)) AS is_known,
               c.hash IN (@hash, @rawHash) IS TRUE AS is_in_force, COALESCE(c.number, 0) AS number
          FROM track t
          LEFT JOIN track_version c ON c.track_id = t.id AND c.is_current
         WHERE t.id = @trackId
        """;

    // A version of an older program is known by another hash of the same content.
    private const string SeenSql = "UPDATE track SET file_hash = @seen WHERE id = @trackId";

    private const string EndDraftSql =
        "DELETE FROM track_draft WHERE definition_id = @definitionId AND origin = 'file'";

    /// <summary>Publishes a file's definition, unless it was a version before or the track was published otherwise since the file was read.</summary>
    public async Task<FileOutcome> PublishAsync(
        string file,
        string definitionId,
        string definition,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var raw = Encoding.UTF8.GetBytes(definition);
        var hash = SHA256.HashData(CanonicalDefinition.TryWrite(raw) ?? raw);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await transaction.ExecuteAsync(TrackStore.EnsureTrackSql, new { definitionId, now }, cancellationToken);
        var trackId = await transaction.QuerySingleAsync<int>(
            TrackStore.LockTrackSql,
            new { definitionId },
            cancellationToken
        );
        var hashes = new
        {
            trackId,
            hash,
            rawHash = SHA256.HashData(raw),
        };
        var state = await transaction.QuerySingleAsync<FileState>(StateSql, hashes, cancellationToken);
        // An earlier version says nothing new: an older deployment may have brought it.
        if (!state.IsKnown || state.IsInForce)
        {
            await transaction.ExecuteAsync(
                SeenSql,
                new { trackId, seen = state.IsInForce ? state.CurrentHash : hash },
                cancellationToken
            );
        }

        var outcome = OutcomeOf(state, hash);
        if (outcome == FileOutcome.Conflict)
        {
            await transaction.ExecuteAsync(
                DraftStore.PutFileSql,
                new TrackDraft
                {
                    DefinitionId = definitionId,
                    BaseNumber = state.Number,
                    Definition = definition,
                    SavedBy = file,
                    SavedAt = now,
                },
                cancellationToken
            );
        }
        else if (outcome == FileOutcome.Published)
        {
            var version = new
            {
                trackId,
                hash,
                definition,
                program = MigrationRunner.Program,
                now,
                actor = (string?)null,
            };
            await transaction.ExecuteAsync(TrackStore.PublishSql, version, cancellationToken);
            await transaction.ExecuteAsync(TrackStore.MakeCurrentSql, version, cancellationToken);
            await transaction.ExecuteAsync(TrackMoves.EndSql, version, cancellationToken);
        }

        if (outcome == FileOutcome.Published || state.IsInForce)
        {
            await transaction.ExecuteAsync(EndDraftSql, new { definitionId }, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return outcome;
    }

    // Programs before this one did not record what they read: their files are followed.
    private static FileOutcome OutcomeOf(FileState state, byte[] hash) =>
        state.IsKnown ? FileOutcome.Known
        : !state.HasVersions ? FileOutcome.Published
        // The same file as last time, about which a person decides or has decided.
        : state.FileHash is { } seen && seen.AsSpan().SequenceEqual(hash) ? FileOutcome.Known
        : state.CurrentHash is null ? FileOutcome.Conflict
        : state.FileHash is { } followed && !followed.AsSpan().SequenceEqual(state.CurrentHash) ? FileOutcome.Conflict
        : FileOutcome.Published;

    private sealed record FileState
    {
        public byte[]? FileHash { get; init; }
        public byte[]? CurrentHash { get; init; }
        public bool HasVersions { get; init; }
        public bool IsKnown { get; init; }
        public bool IsInForce { get; init; }
        public int Number { get; init; }
    }
}

/// <summary>What came of a file.</summary>
public enum FileOutcome
{
    /// <summary>It is the version in force.</summary>
    Published,

    /// <summary>Its content was a version before, or was read before.</summary>
    Known,

    /// <summary>The track was published otherwise since the file was read: the file is kept as a draft.</summary>
    Conflict,
}
