namespace NurtureEngine.Core.Leads;

/// <summary>
/// How new a fact is. The sender's record version decides where both facts have one, its clock where one has none;
/// what is equally new counts as newer than what is known, so that arrival breaks the tie.
/// </summary>
public readonly record struct Stamp(long? Version, DateTimeOffset At)
{
    /// <summary>Whether a fact of this stamp may replace one of <paramref name="known"/>.</summary>
    public bool Replaces(Stamp known) =>
        Version is { } mine && known.Version is { } theirs && mine != theirs ? mine > theirs : At >= known.At;
}
