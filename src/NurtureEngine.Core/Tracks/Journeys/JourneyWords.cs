namespace NurtureEngine.Core.Tracks.Journeys;

/// <summary>A journey sentence as it is being written: any part may be empty.</summary>
public sealed record JourneyWords
{
    public string Stage { get; init; } = "";
    public string Cognition { get; init; } = "";
    public LocalisedText Segment { get; init; } = Empty;
    public LocalisedText Thinks { get; init; } = Empty;
    public LocalisedText Feels { get; init; } = Empty;
    public LocalisedText Does { get; init; } = Empty;
    public string To { get; init; } = "";

    /// <summary>No words in either language.</summary>
    public static LocalisedText Empty { get; } = new("", "");

    /// <summary>Whether nothing is written: the step has no sentence.</summary>
    public bool IsEmpty => Missing.Count == 7;

    /// <summary>The parts that are not written, by their names in definitions.</summary>
    public IReadOnlyList<string> Missing =>
        [
            .. new[]
            {
                ("stage", Stage),
                ("cognition", Cognition),
                ("segment", $"{Segment.English}{Segment.Chinese}"),
                ("thinks", $"{Thinks.English}{Thinks.Chinese}"),
                ("feels", $"{Feels.English}{Feels.Chinese}"),
                ("does", $"{Does.English}{Does.Chinese}"),
                ("to", To),
            }
                .Where(part => string.IsNullOrWhiteSpace(part.Item2))
                .Select(part => part.Item1),
        ];

    /// <summary>The whole sentence, of which each part that was written in one language only is said so in both; null while a part is missing.</summary>
    public Journey? Whole =>
        Missing.Count > 0
            ? null
            : new Journey(Stage, Cognition, Both(Segment), Both(Thinks), Both(Feels), Both(Does), To);

    private static LocalisedText Both(LocalisedText text)
    {
        var (english, chinese) = (text.English.Trim(), text.Chinese.Trim());
        return new LocalisedText(english.Length > 0 ? english : chinese, chinese.Length > 0 ? chinese : english);
    }
}
