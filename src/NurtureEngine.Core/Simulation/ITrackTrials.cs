using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Reports;

namespace NurtureEngine.Core.Simulation;

/// <summary>Tries tracks with leads. Nothing leaves, and nothing is written but what is saved on purpose.</summary>
public interface ITrackTrials
{
    /// <summary>Runs a lead through the draft of a track, or through the version in force where there is no draft; null if there is no such track.</summary>
    Task<TrialAnswer?> RunAsync(TrialOrder order, LeadReach reach, CancellationToken cancellationToken);

    /// <summary>A message of such a run as its channel shows it, a page of its own; null if there is none at that place.</summary>
    /// <param name="order">The run.</param>
    /// <param name="reach">Of who looks at it.</param>
    /// <param name="line">The place of the message among the lines of the run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<string?> RenderAsync(TrialOrder order, LeadReach reach, int line, CancellationToken cancellationToken);

    /// <summary>The saved test leads of a track, by name, and whether each goes as expected through the draft, or the version in force.</summary>
    Task<IReadOnlyList<TrialScore>> ScoresAsync(string definitionId, CancellationToken cancellationToken);

    /// <summary>Saves an invented lead, with the way that it takes now as what is expected. One of the same name is replaced.</summary>
    /// <returns>False if there is no such track, it has faults, or too many are saved already.</returns>
    Task<bool> SaveAsync(
        string definitionId,
        string name,
        TrialLead lead,
        string actor,
        CancellationToken cancellationToken
    );

    /// <summary>Deletes a saved test lead; false if there is none of that name.</summary>
    Task<bool> DeleteAsync(string definitionId, string name, CancellationToken cancellationToken);
}

/// <summary>Which lead is to run through which track.</summary>
/// <param name="DefinitionId">The track.</param>
/// <param name="Lead">When the lead enters and what it does; who it is where no lead is chosen.</param>
/// <param name="Chosen">A lead that is known, by its id; null for the invented one.</param>
public sealed record TrialOrder(string DefinitionId, TrialLead Lead, long? Chosen);

/// <summary>What came of a run.</summary>
public sealed record TrialAnswer
{
    /// <summary>The definition that was run.</summary>
    public required string Definition { get; init; }

    /// <summary>Whether it is a draft.</summary>
    public bool IsDraft { get; init; }

    /// <summary>Why it can't be run; empty if it can.</summary>
    public IReadOnlyList<Diagnostic> Faults { get; init; } = [];

    /// <summary>What happened; null if it can't be run, or the chosen lead is not there.</summary>
    public Trial? Trial { get; init; }

    /// <summary>The stages of the track's life cycle, in order; empty if it can't be run.</summary>
    public IReadOnlyList<string> Stages { get; init; } = [];

    /// <summary>Whether the track would let the lead in. A trial goes on all the same.</summary>
    public bool IsAdmitted { get; init; }
}

/// <summary>How a saved test lead fares.</summary>
/// <param name="Name">By what people know it.</param>
/// <param name="Lead">The lead.</param>
/// <param name="IsAsExpected">Whether it takes the way that it took when it was saved; null if the track can't be run.</param>
/// <param name="Parted">The step, or the end, where it first goes another way; null where it does not.</param>
public sealed record TrialScore(string Name, TrialLead Lead, bool? IsAsExpected, string? Parted);
