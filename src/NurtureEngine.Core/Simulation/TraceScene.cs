using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Simulation;

/// <summary>What a trace begins with: the settings, the pools of content, and the lead with their account (null where none is known).</summary>
public sealed record TraceScene(Rulebook Rulebook, Pools Pools, Lead Lead, Account? Account)
{
    /// <summary>Whether the lead is nobody's before the first event, whatever it tells; else only <c>lead.created</c> makes them a new one.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>The contents that the lead has had already, by their keys.</summary>
    public IReadOnlyCollection<string> Had { get; init; } = [];

    /// <summary>Whether the lead enters at the track's first trigger whatever happens, and never again; else events decide where there are any.</summary>
    public bool EntersAtOnce { get; init; }
}
