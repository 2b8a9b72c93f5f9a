using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Tracks.Activities.Triggers;

/// <summary>A trigger that the calendar fires: so long after (or before) something of the lead.</summary>
public interface IMomentTrigger
{
    /// <summary>What the moment is called on a timeline.</summary>
    string Kind { get; }

    /// <summary>The lead's date field that it counts from; null where it counts from the lead's last activity.</summary>
    string? Field { get; }

    /// <summary>How long after that it fires; before it, where negative.</summary>
    TimeSpan After { get; }

    /// <summary>What it counts from, of a lead; null where there is nothing.</summary>
    DateTimeOffset? CountsFrom(Lead lead, Rulebook rulebook);
}
