using System.Globalization;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Drafts;

namespace NurtureEngine.Studio.Definitions;

/// <summary>A version or a draft of a track, as Elsa Studio is to see it.</summary>
internal sealed record ShownDefinition
{
    /// <summary>Its id: see <see cref="DefinitionIds" />.</summary>
    public required string Id { get; init; }
    public required string DefinitionId { get; init; }
    public required int Number { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string Definition { get; init; }
    public bool IsLatest { get; init; }
    public bool IsPublished { get; init; }

    public static ShownDefinition Of(TrackDefinition version, bool hasDraft) =>
        new()
        {
            Id = DefinitionIds.Of(version),
            DefinitionId = version.DefinitionId,
            Number = version.Number,
            CreatedAt = version.PublishedAt,
            Definition = version.Definition,
            IsLatest = version.IsCurrent && !hasDraft,
            IsPublished = version.IsCurrent,
        };

    /// <summary>A draft is numbered as the version that it would become.</summary>
    public static ShownDefinition Of(TrackDraft draft, int lastNumber) =>
        new()
        {
            Id = DefinitionIds.Of(draft),
            DefinitionId = draft.DefinitionId,
            Number = lastNumber + 1,
            CreatedAt = draft.SavedAt,
            Definition = draft.Definition,
            IsLatest = true,
        };

    /// <summary>What people see and go on with: the draft, the version in force, or the newest one; null where nothing is stored.</summary>
    public static ShownDefinition? Latest(DraftState state) =>
        state.Draft is { } draft ? Of(draft, state.LastNumber)
        : state.Version is { } version ? Of(version, hasDraft: false) with { IsLatest = true }
        : null;
}

/// <summary>The ids that versions and drafts have in Elsa Studio: <c>v12</c> is a version, <c>d5.3</c> the third revision of a draft.</summary>
internal static class DefinitionIds
{
    public static string Of(TrackDefinition version) => $"v{version.Id}";

    public static string Of(TrackDraft draft) => $"d{draft.Id}.{draft.Revision}";

    /// <summary>The name of a track's file, without its ending: ids may hold what file names can't.</summary>
    public static string FileNameOf(string definitionId) =>
        string.Concat(definitionId.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));

    /// <summary>What a client has seen that sends this id; nothing where the id is none of ours.</summary>
    public static Seen Read(string? id, string? editor)
    {
        var parts = (id ?? "").Split('.', 2);
        return Number(parts[0], 'v') is { } version && parts.Length == 1 && version <= int.MaxValue
                ? new Seen((int)version, null, 0, editor)
            : Number(parts[0], 'd') is { } draft
            && parts.Length == 2
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
                ? new Seen(null, draft, revision, editor)
            : new Seen(null, null, 0, editor);
    }

    private static long? Number(string text, char kind) =>
        text.StartsWith(kind)
        && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
