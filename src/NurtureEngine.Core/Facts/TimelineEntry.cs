using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Facts;

/// <summary>Something that happened to a lead, at the sender's time (UTC). Arguments are names and codes, never personal data.</summary>
public sealed record TimelineEntry(
    string Kind,
    DateTimeOffset OccurredAt,
    ImmutableSortedDictionary<string, string> Arguments
)
{
    /// <summary>A move that a rule of the rulebook made.</summary>
    public static TimelineEntry ByRule(StageMove move) =>
        new(
            "stage.reached",
            move.Stage.Since,
            ImmutableSortedDictionary
                .Create<string, string>(StringComparer.Ordinal)
                .AddRange(
                    new Dictionary<string, string?>
                    {
                        ["lifeCycle"] = move.Stage.LifeCycle,
                        ["from"] = move.From,
                        ["to"] = move.Stage.Stage,
                        ["by"] = "rule",
                        ["effect"] = move.MayTrigger ? null : "too_old_to_trigger",
                    }
                        .Where(pair => pair.Value is not null)
                        .Select(pair => KeyValuePair.Create(pair.Key, pair.Value!))
                )
        );

    /// <summary>A source has deleted the record of somebody who lives on in another one.</summary>
    public static TimelineEntry OfMerged(CrmEvent crmEvent)
    {
        var entry = Of(crmEvent, move: null);
        return entry with { Arguments = entry.Arguments.SetItem("effect", "merged_before") };
    }

    /// <summary>An activity that another system had reported before: it is told, and counts no more.</summary>
    public static TimelineEntry Again(CrmEvent crmEvent, DateTimeOffset of)
    {
        var entry = Of(crmEvent, move: null);
        return entry with
        {
            Arguments = entry.Arguments.SetItem("effect", "reported_before").SetItem("of", $"{of.UtcDateTime:O}"),
        };
    }

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
        Put("source", crmEvent.Activity?.Origin);
        Put("campaign", crmEvent.Activity?.Campaign);
        Put("cost", crmEvent.Activity?.Cost);
        Put("by", crmEvent.Hand?.By);
        Put("deal", crmEvent.Deal?.Key.ExternalId);
        Put("dealStage", crmEvent.Deal?.Fields.GetValueOrDefault(Fields.DealStage));
        Put(
            "merged",
            crmEvent.Merged.IsEmpty ? null : string.Join(", ", crmEvent.Merged.Select(key => key.ExternalId))
        );
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
