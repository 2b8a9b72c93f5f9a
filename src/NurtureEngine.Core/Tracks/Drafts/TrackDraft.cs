namespace NurtureEngine.Core.Tracks.Drafts;

/// <summary>A definition that is not published. The engine never runs it.</summary>
public sealed record TrackDraft
{
    public long Id { get; init; }
    public string DefinitionId { get; init; } = "";

    /// <summary><see cref="Designer" /> or <see cref="File" />.</summary>
    public string Origin { get; init; } = Designer;

    /// <summary>The number of the version in force when the draft was begun; 0 where there was none.</summary>
    public int BaseNumber { get; init; }

    /// <summary>Grows by one with each save.</summary>
    public int Revision { get; init; }

    /// <summary>The definition, as canonical JSON.</summary>
    public string Definition { get; init; } = "";

    /// <summary>The page of the designer that saved last; null for other clients.</summary>
    public string? Editor { get; init; }

    /// <summary>Everyone who has saved it, each once.</summary>
    public string[] Authors { get; init; } = [];

    /// <summary>Who saved last: a user name, or <c>key/</c> and the name of an API key.</summary>
    public string SavedBy { get; init; } = "";

    /// <summary>When it was saved last, business time in UTC.</summary>
    public DateTimeOffset SavedAt { get; init; }

    /// <summary>The origin of what people draw.</summary>
    public const string Designer = "designer";

    /// <summary>The origin of a file that differs from what was published in the designer since the file was read last.</summary>
    public const string File = "file";
}
