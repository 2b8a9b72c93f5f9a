namespace NurtureEngine.Core.Intake.Imports;

/// <summary>How a file is read, and what holds for all of its rows.</summary>
/// <param name="Source">Who gives the ids in it: a CRM by the name of its webhooks, or a name for the list.</param>
/// <param name="At">Since when its rows are known where they do not say so themselves; UTC.</param>
public sealed record ImportOptions(string Source, DateTimeOffset At)
{
    /// <summary>What headings mean that are not known by themselves.</summary>
    public IReadOnlyDictionary<string, string> Map { get; init; } = new Dictionary<string, string>();

    /// <summary>By what all of the list have agreed to marketing by e-mail, such as <c>trade fair 2026, signed form</c>; null where a column says so, or nobody has.</summary>
    public string? ConsentProof { get; init; }

    /// <summary>Whether columns that are not known are passed over; else each is a fault.</summary>
    public bool PassesOthers { get; init; }

    /// <summary>Whether new leads and stages start tracks, as if a CRM had told of them.</summary>
    public bool StartsTracks { get; init; }
}
