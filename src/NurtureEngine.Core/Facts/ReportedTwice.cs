using NurtureEngine.Core.Intake;

namespace NurtureEngine.Core.Facts;

/// <summary>An activity of a lead that somebody reported. <paramref name="Of"/> is the moment of the one it repeats; null where it is the first to tell.</summary>
public sealed record SeenActivity(string Source, string Kind, string? Name, DateTimeOffset At, DateTimeOffset? Of);

/// <summary>One real activity that two systems report counts once: the same kind and name, close to each other, by different sources.</summary>
internal static class ReportedTwice
{
    /// <summary>
    /// The moment of the activity that this one repeats; null where it is news. What one system reports twice happened twice, so each
    /// report of another system answers for one of its own.
    /// </summary>
    public static DateTimeOffset? Of(
        string source,
        CrmEvent told,
        IReadOnlyCollection<SeenActivity> seen,
        TimeSpan sameWithin
    )
    {
        var alike = seen.Where(other =>
                other.Kind == told.Type
                && string.Equals(other.Name, told.Activity!.Name, StringComparison.OrdinalIgnoreCase)
                && (other.At - told.Stamp.At).Duration() <= sameWithin
            )
            .ToList();
        return alike
            .Where(other =>
                other.Of is null
                && other.Source != source
                && !alike.Exists(repeat => repeat.Source == source && repeat.Of == other.At)
            )
            .OrderBy(other => (other.At - told.Stamp.At).Duration())
            .Select(other => (DateTimeOffset?)other.At)
            .FirstOrDefault();
    }
}
