using System.Globalization;
using System.Text;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Host.Development;
using NurtureEngine.Postgres.Reports;

namespace NurtureEngine.Host.Demo;

/// <summary>What a demo has come to, as tables of text.</summary>
internal static class DemoTables
{
    public static async Task<string> OfAsync(Tallies tallies, Rulebook rulebook, CancellationToken cancellationToken)
    {
        var cycle = rulebook.LifeCycles[0];
        var text = new StringBuilder();
        Add(text, "Enrolled, by track and where they are now", await tallies.StandingAsync(cancellationToken));
        Add(text, "Not enrolled, by track and why", await tallies.DeclinedAsync(cancellationToken));
        Add(text, "Sent, by track and role", await tallies.SentAsync(cancellationToken));
        var verdicts = await tallies.VerdictsAsync(cancellationToken);
        Add(
            text,
            "Held or left out at some time, by why",
            verdicts.ConvertAll(tally =>
                tally with
                {
                    Column = tally.Column == "planned" ? "moved to later" : TimelineWords.State(tally.Column),
                }
            )
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"  {await tallies.CountAwaitingAsync(cancellationToken)} of them wait for a yes now"
        );
        Add(text, "Hand-offs, by track and answer", await tallies.HandoffsAsync(cancellationToken));
        AddFunnel(text, cycle, await tallies.StagesAsync(cycle.Name, cancellationToken));
        return text.ToString();
    }

    private static void Add(StringBuilder text, string title, List<Tally> tallies)
    {
        text.AppendLine().AppendLine(title);
        if (tallies.Count == 0)
        {
            text.AppendLine("  none");
            return;
        }

        var columns = tallies.Select(tally => tally.Column).Distinct().Order(StringComparer.Ordinal).ToList();
        var first = tallies.Max(tally => tally.Row.Length);
        text.Append(' ', first + 2);
        foreach (var column in columns)
        {
            text.Append("  ").Append(column.PadLeft(6));
        }

        text.AppendLine("     all");
        foreach (var row in tallies.GroupBy(tally => tally.Row).OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            text.Append("  ").Append(row.Key.PadRight(first));
            foreach (var column in columns)
            {
                var count = row.Where(tally => tally.Column == column).Sum(tally => tally.Count);
                text.Append("  ").Append((count == 0 ? "·" : Number(count)).PadLeft(Math.Max(6, column.Length)));
            }

            text.Append("  ").AppendLine(Number(row.Sum(tally => tally.Count)).PadLeft(6));
        }
    }

    private static void AddFunnel(StringBuilder text, LifeCycle cycle, List<Tally> stages)
    {
        text.AppendLine()
            .AppendLine(
                "Leads that came to each stage, and how many of a hundred of those at the stage before came on to it"
            );
        string? before = null;
        foreach (var stage in cycle.Stages)
        {
            var share =
                before is not null && Count(stage.Name, before) > 0 && Count(before, "all") is > 0 and var most
                    ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * Count(stage.Name, before) / most, 5:0} %")
                    : "";
            text.Append("  ")
                .Append(stage.Name.PadRight(10))
                .Append(Number(Count(stage.Name, "all")).PadLeft(6))
                .AppendLine(share);
            before = stage.Name;
        }

        long Count(string stage, string from) =>
            stages.Where(tally => tally.Row == stage && tally.Column == from).Sum(tally => tally.Count);
    }

    private static string Number(long count) => count.ToString(CultureInfo.InvariantCulture);
}
