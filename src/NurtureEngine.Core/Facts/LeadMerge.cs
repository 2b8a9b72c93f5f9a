using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;

namespace NurtureEngine.Core.Facts;

/// <summary>Makes one lead of two that are the same person.</summary>
public static class LeadMerge
{
    private static readonly string[] Name = [Fields.Name, Fields.GivenName, Fields.FamilyName];

    /// <summary>
    /// The lead that stays, with what only the other one knew: its fields fill gaps, its points count too, and of two words on consent
    /// the stricter holds.
    /// </summary>
    public static Lead Into(Lead stays, Lead goes)
    {
        // A name is one thing, in parts or whole: parts of two people's are nobody's.
        var isNamed = Name.Any(stays.Fields.Stamps.ContainsKey);
        var gaps = goes.Fields.Values.Where(field =>
            field.Key is not (Fields.Deleted or Fields.Score)
            && !stays.Fields.Stamps.ContainsKey(field.Key)
            && !(isNamed && Name.Contains(field.Key))
        );
        // The versions of two records count two different things.
        var fields = gaps.Aggregate(
            stays.Fields,
            (known, gap) => known.With([new(gap.Key, gap.Value)], goes.Fields.Stamps[gap.Key] with { Version = null })
        );
        if (goes.Score != 0)
        {
            var stamp = goes.Fields.Stamps[Fields.Score] with { Version = null };
            var known = fields.Stamps.GetValueOrDefault(Fields.Score);
            var score = (stays.Score + goes.Score).ToString(CultureInfo.InvariantCulture);
            fields = fields.With([new(Fields.Score, score)], stamp.Replaces(known) ? stamp : known);
        }

        return stays with
        {
            Fields = fields,
            Stages = goes
                .Stages.Where(stage => !stays.Stages.ContainsKey(stage.Key))
                .Aggregate(
                    stays.Stages,
                    (stages, stage) =>
                        stages.SetItem(
                            stage.Key,
                            stage.Value with
                            {
                                Stamp = stage.Value.Stamp with { Version = null },
                            }
                        )
                ),
            Consents = goes.Consents.Values.Aggregate(stays.Consents, Stricter),
            ActiveAt = stays.ActiveAt > goes.ActiveAt ? stays.ActiveAt : goes.ActiveAt ?? stays.ActiveAt,
        };
    }

    private static ImmutableDictionary<(string, string), Consent> Stricter(
        ImmutableDictionary<(string, string), Consent> known,
        Consent other
    )
    {
        var key = (other.Channel, other.Purpose);
        var holds =
            !known.TryGetValue(key, out var before)
            || (before.Granted && !other.Granted)
            || (before.Granted == other.Granted && other.At > before.At);
        return holds ? known.SetItem(key, other) : known;
    }
}
