using NurtureEngine.Core.Tracks.Activities;

namespace NurtureEngine.Core.Reports;

/// <summary>What those who draw tracks may choose from, as it is now.</summary>
public interface IDesignerChoices
{
    /// <summary>The values of each offer, in the order in which they are shown.</summary>
    Task<ILookup<InputOffer, DesignerChoice>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>A value, and what it is to people; the text is the same in all languages, since people have given it.</summary>
public sealed record DesignerChoice(string Value, string Text)
{
    /// <summary>The channel of a content; null for everything else.</summary>
    public string? Channel { get; init; }
}
