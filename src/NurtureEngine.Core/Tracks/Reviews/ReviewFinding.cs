namespace NurtureEngine.Core.Tracks.Reviews;

/// <summary>Something that a marketer would want to know of a track before it is published. It stops nobody.</summary>
/// <param name="Code">What it is; stable.</param>
/// <param name="Step">The step that it is about; null where it is the track.</param>
/// <param name="Arguments">What its sentence names, in their order.</param>
public sealed record ReviewFinding(string Code, StepId? Step, params string[] Arguments)
{
    /// <summary>The sentence for people.</summary>
    public LocalisedText Sentence => ReviewSentences.Of(this);
}
