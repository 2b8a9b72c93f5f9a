using System.Collections.Immutable;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Reports;

/// <summary>How leads flow through a version of a track, for people who watch it.</summary>
public interface ITrackWatch
{
    /// <summary>
    /// The counts of a version, of those who entered the track within some days up to now (null: ever). They are a second old or somewhat more
    /// where counting takes long, and shared by all who watch. Null if there is no such version.
    /// </summary>
    /// <param name="definitionId">The track.</param>
    /// <param name="number">The version; null for the one in force, or the newest where none is.</param>
    /// <param name="days">How many days, one of <see cref="TrackFlow.Periods" />; anything else counts all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<TrackFlow?> ReadAsync(string definitionId, int? number, int? days, CancellationToken cancellationToken);

    /// <summary>
    /// The leads within a reach who stand at one of these steps now, of those whose ids are above one, by their ids. Where few are found among
    /// many, the list ends early and says where it goes on.
    /// </summary>
    Task<StepLeads> LeadsAsync(StepQuery query, LeadReach reach, CancellationToken cancellationToken);
}

/// <summary>How leads flow through a version of a track.</summary>
public sealed record TrackFlow
{
    public required string Track { get; init; }
    public required int VersionId { get; init; }

    /// <summary>The version's number.</summary>
    public required int Number { get; init; }

    /// <summary>The periods that can be asked for, in days up to now.</summary>
    public static ImmutableArray<int> Periods { get; } = [7, 30, 90];

    /// <summary>The first day (UTC) whose entries are meant; null for all.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>The first day (UTC) from which on steps were counted, if that is after <see cref="Since" />; null if all are counted.</summary>
    public DateOnly? CountedFrom { get; init; }

    public required IReadOnlyList<StepFlow> Steps { get; init; }

    /// <summary>Those who are in the version now: active, paused and parked.</summary>
    public int Inside { get; init; }

    /// <summary>Of these, those who can't go on.</summary>
    public int Parked { get; init; }

    /// <summary>Those who have left it, by the way out.</summary>
    public required IReadOnlyList<TrackEnd> Ends { get; init; }

    /// <summary>All who entered it.</summary>
    public int Entered => Inside + Ends.Sum(end => end.Count);

    /// <summary>Those who left it as its settings call a success.</summary>
    public int Successes => Ends.Where(end => end.Outcome == TrackOutcome.Success).Sum(end => end.Count);
}

/// <summary>How leads flow through a step.</summary>
/// <param name="Step">The step's id.</param>
/// <param name="Entered">How often it was entered; a lead that returns is counted again.</param>
/// <param name="Waiting">How many stand there now.</param>
/// <param name="Passed">How often leads went on from it.</param>
/// <param name="Dropped">How many left the track while they stood there.</param>
public sealed record StepFlow(string Step, int Entered, int Waiting, int Passed, int Dropped)
{
    /// <summary>A container as one step: who stands within it stands at it, and has not passed it.</summary>
    public StepFlow With(IEnumerable<StepFlow> within)
    {
        var (waiting, dropped) = (Waiting, Dropped);
        foreach (var inner in within)
        {
            (waiting, dropped) = (waiting + inner.Waiting, dropped + inner.Dropped);
        }

        return this with
        {
            Waiting = waiting,
            Dropped = dropped,
            Passed = Math.Max(0, Passed - (waiting - Waiting) - (dropped - Dropped)),
        };
    }
}

/// <summary>Which leads at a step are wanted.</summary>
public sealed record StepQuery
{
    public required string DefinitionId { get; init; }

    /// <summary>The version's number.</summary>
    public required int Number { get; init; }

    /// <summary>The steps: one, or those within a container with it.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>The first day (UTC) on which they may have entered the track; null for any.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>The lead after which the list goes on; 0 from the beginning.</summary>
    public long After { get; init; }

    public int Take { get; init; } = 25;
}

/// <summary>Leads who stand at a step.</summary>
/// <param name="Leads">The leads.</param>
/// <param name="Next">The lead after which the list goes on; null at its end.</param>
public sealed record StepLeads(IReadOnlyList<StepLead> Leads, long? Next);

/// <summary>A lead who stands at a step.</summary>
/// <param name="LeadId">The lead.</param>
/// <param name="EnrollmentId">The enrollment.</param>
/// <param name="State">Active, parked or paused.</param>
/// <param name="EnteredAt">When they entered the track, business time in UTC.</param>
/// <param name="DueAt">When they go on at the latest; null while they wait for something else.</param>
public sealed record StepLead(
    long LeadId,
    long EnrollmentId,
    Tracks.Running.EnrollmentState State,
    DateTimeOffset EnteredAt,
    DateTimeOffset? DueAt
);
