using System.Globalization;
using NurtureEngine.Host.Demo.World;
using NurtureEngine.Postgres.Reports;

namespace NurtureEngine.Host.Demo.Figures;

/// <summary>Whether the tables of a demo add up to the figures that were held against what was played.</summary>
internal static class DemoSums
{
    /// <exception cref="InvalidDataException">One of them does not.</exception>
    public static void Check(
        IReadOnlyDictionary<string, long> figures,
        List<Tally> sent,
        List<Tally> tracked,
        List<Tally> handoffs,
        List<Tally> cohorts
    )
    {
        Same("e-mails by track and role", Sum(sent), "emails");
        Same("opened e-mails by track", Sum(tracked, "opened"), "feedback.opened");
        Same("clicked e-mails by track", Sum(tracked, "clicked"), "feedback.clicked");
        foreach (var answer in new[] { "accepted", "rejected", "recycled" })
        {
            Same($"hand-offs that were {answer}", Sum(handoffs, answer), $"handoff.{answer}");
        }

        // Every lead is of a cohort, by the stage that it came to first; customers came by their last one.
        var customers = cohorts.Where(cell => cell.Row.Length == 0).ToList();
        Same(
            "leads by cohort",
            Sum(cohorts.Where(cell => cell.Row.Length > 0), DemoScript.Way[0])
                + customers.Select(cell => cell.Count).DefaultIfEmpty().Max(),
            "leads"
        );

        void Same(string table, long sum, string figure)
        {
            var expected = figures.GetValueOrDefault(figure);
            if (sum != expected)
            {
                throw new InvalidDataException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The {table} add up to {sum}, and {figure} is {expected}."
                    )
                );
            }
        }
    }

    private static long Sum(IEnumerable<Tally> cells, string? column = null) =>
        cells.Where(cell => column is null || cell.Column == column).Sum(cell => cell.Count);
}
