using System.Collections.Immutable;

namespace NurtureEngine.Core.Cadences;

/// <summary>The one place that says when a lead may be touched: planning, the gate, previews and traces all ask here.</summary>
public static class Cadence
{
    /// <summary>How far it is looked ahead; rules that allow nothing for so long allow nothing.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(400);

    // Each answers with the earliest moment, at or after the one asked about, that this rule alone allows.
    private delegate DateTimeOffset Rule(DateTimeOffset from);

    /// <summary>
    /// The earliest moment at or after <paramref name="from"/> (UTC) that the rules allow; null where there is none within
    /// <see cref="Horizon"/>. Every rule keeps or moves on the moment; the first at which all keep it is the answer.
    /// </summary>
    public static AllowedInstant? NextAllowedInstant(CadenceRules rules, CadenceView view, DateTimeOffset from)
    {
        var asked = Asked(rules, view);
        var at = from;
        string? code = null;
        string? argument = null;
        for (var agreed = 0; agreed < asked.Length; )
        {
            agreed = 0;
            foreach (var (name, about, rule) in asked)
            {
                var next = rule(at);
                if (next == at)
                {
                    agreed++;
                    continue;
                }

                if (next - from > Horizon)
                {
                    return null;
                }

                (at, code, argument) = (next, code ?? name, code is null ? about : argument);
            }
        }

        return new AllowedInstant(at, code, argument);
    }

    private static ImmutableArray<(string Code, string? Argument, Rule Rule)> Asked(
        CadenceRules rules,
        CadenceView view
    )
    {
        var asked = ImmutableArray.CreateBuilder<(string, string?, Rule)>();
        foreach (var cap in rules.Caps)
        {
            asked.Add(("cadence.cap", $"{cap}", from => CadenceHistory.UnderCap(cap, view, from)));
        }

        if (rules.IsOneVoice && !view.OfAccount.IsEmpty)
        {
            asked.Add(("cadence.one_voice", null, from => CadenceHistory.OneVoice(view, from)));
        }

        if (rules.MinGap > TimeSpan.Zero)
        {
            asked.Add(("cadence.gap", null, from => CadenceHistory.PastGap(rules.MinGap, view, from)));
        }

        if (!rules.WorkingDays.IsEmpty)
        {
            asked.Add(("cadence.day_off", null, from => LocalRules.WorkingDay(rules.WorkingDays, view, from)));
        }

        if (rules.QuietHours is { } quiet && quiet.From != quiet.Until)
        {
            asked.Add(("cadence.quiet_hours", null, from => LocalRules.OutsideOf(quiet, view.Zone, from)));
        }

        if (!rules.Slots.IsEmpty)
        {
            asked.Add(
                ("cadence.slot", null, from => LocalRules.InSlot(rules.Slots, rules.SlotWindow, view.Zone, from))
            );
        }

        return asked.ToImmutable();
    }
}
