using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Facts;

/// <summary>
/// Moves leads forward by what they do and what is known of them, while their CRM says nothing. Where a lead ends is the same in
/// whatever order its facts come: a rule counts what is newer than the last word on the stage.
/// </summary>
internal static class StageRules
{
    /// <summary>The fields by which it is remembered that the lead has shown a stage's signs.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> SignsOf(CrmEvent crmEvent, Rulebook rulebook) =>
        crmEvent.Activity is not { } activity
            ? []
            : from cycle in rulebook.LifeCycles
            from stage in cycle.Stages
            where
                stage.Rule?.Signs.Any(sign =>
                    string.Equals(sign, crmEvent.Type, StringComparison.OrdinalIgnoreCase) || activity.IsNamed(sign)
                ) == true
            select KeyValuePair.Create(FieldOf(cycle, stage), (string?)crmEvent.Type);

    /// <summary>
    /// The moves that rules make of a lead as it now stands: in each life cycle to the furthest stage whose rule is met, never back.
    /// </summary>
    public static IEnumerable<StageMove> Moves(Lead lead, Rulebook rulebook, DateTimeOffset now)
    {
        foreach (var cycle in rulebook.LifeCycles)
        {
            var known = lead.Stages.GetValueOrDefault(cycle.Name);
            var reached = cycle
                .Stages.Skip(cycle.IndexOf(known?.Stage) + 1)
                .Select(stage => (Stage: stage, Since: MetSince(stage.Rule, lead, FieldOf(cycle, stage), rulebook)))
                .LastOrDefault(row => row.Since is { } since && IsNews(since, known, row.Stage.Rule!));
            if (reached is { Stage: { } stage, Since: { } since })
            {
                yield return new StageMove(
                    new LeadStage(cycle.Name, stage.Name, since, known?.Stamp ?? default, StageOrigin.Rule),
                    known?.Stage,
                    IsChange: true,
                    MayTrigger: now - since <= rulebook.TriggerWithin
                );
            }
        }
    }

    private static bool IsNews(DateTimeOffset since, LeadStage? known, StageRule rule) =>
        known is null || known.Stamp == default || (since > known.Stamp.At && since - known.Stamp.At >= rule.SilentFor);

    // When the last of what a rule asks for came to be known; null where something is missing.
    private static DateTimeOffset? MetSince(StageRule? rule, Lead lead, string sign, Rulebook rulebook)
    {
        if (rule is null || rule.Score > lead.Score)
        {
            return null;
        }

        var facts = new List<DateTimeOffset>();
        if (rule.Score is not null)
        {
            facts.Add(lead.Fields.Stamps.GetValueOrDefault(Fields.Score).At);
        }

        if (!rule.Signs.IsEmpty)
        {
            if (!lead.Fields.Stamps.TryGetValue(sign, out var shown))
            {
                return null;
            }

            facts.Add(shown.At);
        }

        if (rule.Criteria > 0)
        {
            var evidence = rulebook
                .Criteria.Select(criterion => Evidence.Of(lead, criterion)?.At)
                .OfType<DateTimeOffset>();
            var met = evidence.Order().Take(rule.Criteria).ToList();
            if (met.Count < rule.Criteria)
            {
                return null;
            }

            facts.Add(met[^1]);
        }

        return facts.Max();
    }

    private static string FieldOf(LifeCycle cycle, Stage stage) => $"{Fields.SignPrefix}{cycle.Name}.{stage.Name}";
}
