using System.Security.Cryptography;
using System.Text;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Intake;

/// <summary>A moment of a lead that a trigger waits for has come: the engine's own event, told once.</summary>
/// <param name="Kind">What has come, as the lead's timeline calls it.</param>
/// <param name="Track">The track, by its definition id, whose trigger it is.</param>
/// <param name="Step">The trigger.</param>
/// <param name="At">What the moment counts from: the lead's last activity, or their date. Another one by now is another moment.</param>
public sealed record Moment(string Kind, string Track, StepId Step, DateTimeOffset At)
{
    /// <summary>The event's id in the inbox, so that a moment that is found twice is told once.</summary>
    public string EventIdFor(long lead)
    {
        // Ids of tracks and steps may be longer than a key.
        var trigger = SHA256.HashData(Encoding.UTF8.GetBytes($"{Track}\n{Step.Value}"));
        return $"{Kind}:{Convert.ToHexStringLower(trigger.AsSpan(0, 16))}:{lead}:{At.UtcTicks}";
    }

    public CrmEvent ToEvent(ExternalKey lead, DateTimeOffset now) =>
        new()
        {
            Type = $"engine.{Kind}",
            Lead = lead,
            Stamp = new Stamp(null, now),
            Moment = this,
        };
}
