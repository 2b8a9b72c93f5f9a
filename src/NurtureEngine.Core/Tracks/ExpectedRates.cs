namespace NurtureEngine.Core.Tracks;

/// <summary>What a track's makers expect of it, in percent, to be compared with what comes of it; null where they expect nothing.</summary>
/// <param name="Opened">Of the marketing e-mails that were delivered, those that a person opened.</param>
/// <param name="Clicked">Of the marketing e-mails that were delivered, those in which a person followed a link.</param>
/// <param name="Reached">Of the leads who are through, those who came to the goal or to a later stage while they were in the track.</param>
public sealed record ExpectedRates(decimal? Opened, decimal? Clicked, decimal? Reached);
