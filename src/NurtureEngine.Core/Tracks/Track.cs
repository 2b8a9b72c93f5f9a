using System.Collections.Frozen;
using System.Collections.Immutable;
using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Handoffs;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Actions;
using NurtureEngine.Core.Tracks.Activities.Elsa;
using NurtureEngine.Core.Tracks.Activities.Triggers;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks;

/// <summary>A nurture programme, compiled from one version of its definition; immutable and checked to the last step.</summary>
public sealed record Track
{
    private bool? _readsLead;
    private bool? _readsHistory;
    private FrozenSet<StepId>? _repeated;
    private FrozenSet<string>? _heardKeys;

    /// <summary>The definition's logical id, constant over its versions.</summary>
    public required string DefinitionId { get; init; }

    public required string Name { get; init; }

    /// <summary>Whether the definition says that it is published; a draft never takes leads.</summary>
    public bool IsPublished { get; init; } = true;

    public required TrackSettings Settings { get; init; }

    /// <summary>The outermost flowchart.</summary>
    public required StepId Root { get; init; }

    /// <summary>Every step, those within others too.</summary>
    public required FrozenDictionary<StepId, Step> Steps { get; init; }

    /// <summary>What the variables hold before anything is assigned to them.</summary>
    public ImmutableSortedDictionary<string, string> Variables { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Whether some step reads the lead, or the cadence their clock.</summary>
    public bool ReadsLead => _readsLead ??= Settings.Cadence is not null || Steps.Values.Any(step => step.ReadsLead);

    /// <summary>The keys of all signals that some step waits for.</summary>
    public FrozenSet<string> HeardKeys =>
        _heardKeys ??= Steps.Values.SelectMany(step => step.Awaits.Keys).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether some step asks what contents the lead has had.</summary>
    public bool ReadsHistory => _readsHistory ??= Steps.Values.Any(step => step.ReadsHistory);

    /// <summary>Whether a lead may come to a step again, since it lies on a loop or behind one.</summary>
    public bool IsRepeated(StepId step) => (_repeated ??= Repeated()).Contains(step);

    /// <summary>The trigger that a stage move fires, or null.</summary>
    public Step? TriggeredBy(StageMove move) =>
        Steps
            .Values.OfType<LeadStageChanged>()
            .Where(trigger => trigger.IsFiredBy(move))
            .OrderBy(trigger => trigger.Id.Value, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>The trigger that a lead fires by becoming known, or null.</summary>
    public Step? TriggeredByCreation =>
        Steps
            .Values.OfType<LeadCreated>()
            .OrderBy(trigger => trigger.Id.Value, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>Where a lead begins that another track sends here.</summary>
    public Step? First => (Steps[Root] as Flowchart)?.First is { } first ? Steps[first] : null;

    /// <summary>The trigger that a recent event fires, or null; with the lead before it, and whether it was unknown until then.</summary>
    public Step? TriggeredBy(CrmEvent crmEvent, FactOutcome.Applied applied, Lead before, bool isNew) =>
        applied.Moves.Select(TriggeredBy).LastOrDefault(step => step is not null)
        ?? Steps
            .Values.Where(step => step is IEventTrigger trigger && trigger.IsFiredBy(crmEvent, before, applied.Lead))
            .OrderBy(step => step.Id.Value, StringComparer.Ordinal)
            .FirstOrDefault()
        ?? (isNew && !EventTypes.IsLeaving(crmEvent.Type) ? TriggeredByCreation : null);

    /// <summary>The triggers that the calendar fires.</summary>
    public IEnumerable<(StepId Step, IMomentTrigger Trigger)> MomentTriggers =>
        Steps.Values.OfType<IMomentTrigger>().Select(trigger => (((Step)trigger).Id, trigger));

    /// <summary>The trigger that a moment fires, or null: also where the lead has moved on since the moment was found.</summary>
    public Step? TriggeredAt(Moment moment, Lead lead, Rulebook rulebook) =>
        moment.Track == DefinitionId
        && Steps.GetValueOrDefault(moment.Step) is IMomentTrigger trigger
        && trigger.CountsFrom(lead, rulebook) == moment.At
            ? Steps[moment.Step]
            : null;

    /// <summary>Whether some step waits for such a signal.</summary>
    public bool Hears(Signal signal) => HeardKeys.Count > 0 && signal.Keys.Any(HeardKeys.Contains);

    /// <summary>Whether a lead that makes this move leaves the track at once.</summary>
    public bool IsLeftBy(StageMove move) =>
        move.Stage.LifeCycle == Settings.LifeCycle && Settings.ExitStages.Contains(move.Stage.Stage);

    /// <summary>The last of a lead's moves that ends the track; null where none does.</summary>
    public StageMove? LeftBy(IEnumerable<StageMove> moves) => moves.LastOrDefault(IsLeftBy);

    /// <summary>
    /// The exit code of a lead whose moves end the track: on to a later stage of the life cycle, which counts as a success, or back to an
    /// earlier one; null where none of them does.
    /// </summary>
    public string? StageExit(IEnumerable<StageMove> moves, Rulebook rulebook)
    {
        if (LeftBy(moves) is not { } move)
        {
            return null;
        }

        var cycle = rulebook.FindLifeCycle(Settings.LifeCycle);
        return cycle is not null && cycle.IndexOf(move.Stage.Stage) < cycle.IndexOf(move.From)
            ? "stage.regressed"
            : "stage.advanced";
    }

    /// <summary>The tracks, by their definition ids, that it sends leads to.</summary>
    public IEnumerable<string> LeadsTo =>
        Steps
            .Values.OfType<MoveToTrack>()
            .Select(step => step.Target)
            .Concat(Settings.Successor is { } next ? [next] : []);

    /// <summary>
    /// Why a lead may not be in the track (any more), as a code, by what it is and, of one that is in it, by what it has just done;
    /// null where it may. What can't be told sends nobody out.
    /// </summary>
    public string? ExitFor(RunValues lead, CrmEvent? done) =>
        done?.Type == EventTypes.Replied && Settings.ExitsOnReply ? "lead.replied"
        : Settings.Goal?.Holds(lead.Model, RunValues.Culture, out _) == true ? "goal.reached"
        : Settings.ExitWhen?.Holds(lead.Model, RunValues.Culture, out _) == true ? "exit.condition"
        : null;

    /// <summary>
    /// Whether a lead may enter: of the audience, at no stage at which it would leave, and with no other reason to leave at once. What
    /// can't be told lets nobody in.
    /// </summary>
    public bool Admits(RunValues lead) =>
        !(
            lead.Lead.Stages.GetValueOrDefault(Settings.LifeCycle) is { } stage
            && Settings.ExitStages.Contains(stage.Stage)
        )
        && (Settings.Audience is not { } audience || audience.Holds(lead.Model, RunValues.Culture, out _) == true)
        && ExitFor(lead, done: null) is null;

    /// <summary>Whether an event is the hand-over of the lead, by another track, that ends this one.</summary>
    public bool EndsAtHandoff(CrmEvent done) =>
        IsHandedOver(done, HandoffOutcome.Offered) && Settings.AtHandoff == AtHandoff.End;

    /// <summary>Whether an event is the hand-over of the lead, by another track, that holds this one.</summary>
    public bool PausesAtHandoff(CrmEvent done) =>
        IsHandedOver(done, HandoffOutcome.Offered) && Settings.AtHandoff == AtHandoff.Pause;

    /// <summary>Whether an event gives back the lead that this track has handed over.</summary>
    public bool YieldsTo(CrmEvent done) =>
        done.Change is { Handoff: HandoffOutcome.Recycled } change && change.From == DefinitionId;

    private bool IsHandedOver(CrmEvent done, string outcome) =>
        done.Change is { } change && change.Handoff == outcome && change.From != DefinitionId;

    private FrozenSet<StepId> Repeated()
    {
        var found = Steps
            .Values.OfType<Flowchart>()
            .SelectMany(flowchart => flowchart.Graphs.Values.SelectMany(graph => graph.Repeatable))
            .ToHashSet();
        // What is within a repeated step is repeated with it.
        var open = new Queue<StepId>(found);
        while (open.TryDequeue(out var step))
        {
            foreach (var inner in Steps.GetValueOrDefault(step)?.Within.Where(found.Add) ?? [])
            {
                open.Enqueue(inner);
            }
        }

        return found.ToFrozenSet();
    }
}
