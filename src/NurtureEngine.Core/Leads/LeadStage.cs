namespace NurtureEngine.Core.Leads;

/// <summary>Where a lead stands in one life cycle, since when, and by whose word.</summary>
/// <param name="LifeCycle">The life cycle.</param>
/// <param name="Stage">The stage.</param>
/// <param name="Since">Since when; UTC.</param>
/// <param name="Stamp">How new the last word of a CRM or a person is; the default where only rules have spoken.</param>
/// <param name="Origin">Who moved the lead here.</param>
public sealed record LeadStage(
    string LifeCycle,
    string Stage,
    DateTimeOffset Since,
    Stamp Stamp,
    StageOrigin Origin = StageOrigin.Crm
);

/// <summary>By whose word a lead stands at a stage.</summary>
public enum StageOrigin
{
    /// <summary>The source that told of the lead.</summary>
    Crm = 0,

    /// <summary>A rule of the rulebook.</summary>
    Rule = 1,

    /// <summary>A person, in the engine's own faces.</summary>
    Hand = 2,
}
