using System.Collections.Immutable;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>Whether openings and clicks are counted: some laws ask for a consent of its own.</summary>
/// <param name="Opens">By a picture in the e-mail.</param>
/// <param name="Clicks">By leading links over the engine.</param>
/// <param name="NotIn">The countries (ISO 3166-1, two letters) of leads of whom neither is counted.</param>
public sealed record Tracking(bool Opens, bool Clicks, ImmutableSortedSet<string> NotIn)
{
    public static Tracking All { get; } =
        new(Opens: true, Clicks: true, ImmutableSortedSet.Create<string>(StringComparer.OrdinalIgnoreCase));

    /// <summary>Whether anything is counted of a lead; of one whose country is not known it is.</summary>
    public bool Covers(Lead lead) => lead.Fields[Fields.Country] is not { } country || !NotIn.Contains(country.Trim());
}
