using System.Collections.Immutable;
using NurtureEngine.Core.Tracks.Activities.Elsa;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>Where an enrollment stands: what is written between its turns, and all that the next one needs.</summary>
public sealed record Standing
{
    public ImmutableArray<Token> Tokens { get; init; } = [];

    /// <summary>The runs of containers, the outermost flowchart first.</summary>
    public ImmutableArray<Frame> Frames { get; init; } = [];

    /// <summary>How often the steps that a lead may come to again were entered.</summary>
    public ImmutableSortedDictionary<string, int> Visits { get; init; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>What the track's variables hold, where that is not what they hold at first.</summary>
    public ImmutableSortedDictionary<string, string> Variables { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The keys of signals that no step has waited for yet: one that comes to wait for such a key goes on at once.</summary>
    public ImmutableSortedSet<string> Heard { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Nowhere any more.</summary>
    public static Standing Over { get; } = new();

    /// <summary>A new enrollment, at the trigger that fired.</summary>
    public static Standing At(StepId root, StepId trigger) =>
        new() { Tokens = [Token.Entering(trigger)], Frames = [new Frame(0, root) { Start = trigger }] };

    /// <summary>
    /// The frames. Where an older program wrote tokens without any, all stand in the outermost flowchart, and the trigger from
    /// which the first of them can be reached is the one that fired.
    /// </summary>
    public ImmutableArray<Frame> FramesIn(Track track)
    {
        if (!Frames.IsEmpty || Tokens.IsEmpty || track.Steps.GetValueOrDefault(track.Root) is not Flowchart root)
        {
            return Frames;
        }

        var start = root.Graphs.FirstOrDefault(graph => graph.Value.Steps.Contains(Tokens[0].Step)).Key;
        return [new Frame(0, track.Root) { Start = start }];
    }

    public bool Equals(Standing? other) =>
        other is not null
        && Tokens.SequenceEqual(other.Tokens)
        && Frames.SequenceEqual(other.Frames)
        && Visits.SequenceEqual(other.Visits)
        && Variables.SequenceEqual(other.Variables)
        && Heard.SetEquals(other.Heard);

    public override int GetHashCode() => HashCode.Combine(Tokens.Length, Frames.Length);
}
