using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tracks.Activities.Triggers;

/// <summary>A step that starts the track for the lead of an event.</summary>
public interface IEventTrigger
{
    /// <summary>Whether that event, which is recent enough to trigger, starts the track; with the lead before and after it.</summary>
    bool IsFiredBy(CrmEvent crmEvent, Lead before, Lead after);
}
