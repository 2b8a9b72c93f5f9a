namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>A case for which an activity is used, and how its inputs are then filled in.</summary>
/// <param name="Case">The case, in a sentence.</param>
/// <param name="Inputs">Names of inputs and what a person writes, of a list the entries with commas between them; none where the activity has no inputs, or all of them may stay empty.</param>
public sealed record ActivityExample(LocalisedText Case, params IReadOnlyList<(string Name, string Value)> Inputs);
