using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Core.Intake;

namespace NurtureEngine.Core.Facts;

/// <summary>Something that happened to a lead, at the sender's time (UTC). Arguments are names and codes, never personal data.</summary>
public sealed record TimelineEntry(
    string Kind,
    DateTimeOffset OccurredAt,
    ImmutableSortedDictionary<string, string> Arguments
)
{
    /// <summary>
    /// An event, and what it did to the stage: nothing where a newer fact had settled it (<c>late</c>), no more than that where it
    /// was too old to start a track.
    /// </summary>
    public static TimelineEntry Of(CrmEvent crmEvent, StageMove? move)
    {
        var arguments = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (crmEvent.Stage is { } stage)
        {
            Put("lifeCycle", stage.LifeCycle);
            Put("from", stage.From);
            Put("to", stage.To);
            Put(
                "effect",
                move is null ? "late"
                    : move is { IsChange: true, MayTrigger: false } ? "too_old_to_trigger"
                    : null
            );
        }

        Put("name", crmEvent.Activity?.Name);
        Put("track", crmEvent.Moment?.Track);
        if (crmEvent.Change is { } change)
        {
            Put("step", change.Step.Value);
            Put("fields", change.Fields.IsEmpty ? null : string.Join(", ", change.Fields.Keys));
            Put("by", change.ScoreBy == 0 ? null : change.ScoreBy.ToString(CultureInfo.InvariantCulture));
            Put("reason", change.Reason);
            Put("criterion", change.Criterion);
            Put("track", change.MoveTo);
        }

        Put("name", crmEvent.Feedback?.Name);
        Put("touch", (crmEvent.Activity?.Touch ?? crmEvent.Feedback?.Touch)?.ToString());
        return new TimelineEntry(crmEvent.Type, crmEvent.Stamp.At, arguments.ToImmutable());

        void Put(string name, string? value)
        {
            if (value is not null)
            {
                arguments[name] = value;
            }
        }
    }
}
