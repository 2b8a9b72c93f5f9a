using System.Globalization;
using NurtureEngine.Benchmarks.Measuring;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Benchmarks.Templating;

/// <summary>A condition over a lead, as decisions and audiences ask it; the raw reference asks the same in C#.</summary>
internal static class ConditionBenchmark
{
    private const string Text = "lead.role == \"decision_maker\" && lead.country != \"US\"";

    public static Result Run()
    {
        var culture = CultureInfo.GetCultureInfo("en");
        var condition =
            Condition.TryParse(Text, out var faults) ?? throw new InvalidDataException(faults[0].In("condition"));
        var model = new LeadModel(Sample.Lead, Sample.Account, Sample.Sender);
        var held = 0L;
        var (measured, raw) = Throughput.Of(
            () => held += condition.Holds(model, culture, out _) == true ? 1 : 0,
            () =>
                held += Sample.Lead.Fields["role"] == "decision_maker" && Sample.Lead.Fields["country"] != "US" ? 1 : 0
        );
        Console.WriteLine(Text);
        Console.WriteLine($"asked     {measured.Shown}");
        Console.WriteLine($"in C#     {raw.Shown}");
        return held > 0
            ? new Result("condition", measured.PerSecond, "evaluations/s", raw.PerSecond)
            : throw new InvalidDataException("The condition holds for nobody.");
    }
}
