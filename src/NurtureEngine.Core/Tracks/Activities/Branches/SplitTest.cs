using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NurtureEngine.Core.Tracks.Activities.Branches;

/// <summary>
/// Divides leads among arms by their weights. Which arm a lead gets follows from the track, the step and the lead, so that it
/// is the same at every visit and in every version; a holdout is an arm that leads nowhere.
/// </summary>
public sealed record SplitTest(StepId Id, string Name, ImmutableArray<(string Port, int Weight)> Arms) : Step(Id, Name)
{
    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.SplitTest",
            Category = ActivityCategory.Branches,
            DisplayName = new("Split test", "对照测试"),
            Help = new(
                "Divides leads among arms by their weights; a lead always gets the same arm.",
                "按权重把线索分到各组；同一线索总在同一组。"
            ),
            Example = new(
                new(
                    "Half of the leads get the short text, half the long one; a tenth gets none.",
                    "45% 收短文，45% 收长文，10% 不发送。"
                ),
                ("arms", "Short:45, Long:45, Holdout:10")
            ),
            Inputs =
            [
                new("arms", new("Arms and weights", "分组与权重"))
                {
                    Shape = InputShape.List,
                    Preset = ["A:50", "B:50"],
                    Help = new("Names with their weights, such as A:50 and B:50.", "分组与权重，如 A:50、B:50。"),
                },
            ],
            Ports = [],
            Compile = reader => new SplitTest(reader.Id, reader.Name, Read(reader)),
            MorePorts = step => ((SplitTest)step).Arms.Select(arm => arm.Port),
        };

    public override bool ReadsLead => true;

    public override StepResult Enter(Visit visit)
    {
        var lead =
            visit.Values.Lead.Id?.Value.ToString(CultureInfo.InvariantCulture) ?? visit.Values.Lead.Key.ToString();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{visit.Track.DefinitionId}/{Id.Value}/{lead}"));
        var drawn = (long)(BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)Arms.Sum(arm => (long)arm.Weight));
        foreach (var (port, weight) in Arms)
        {
            if ((drawn -= weight) < 0)
            {
                return new StepResult.Complete(port);
            }
        }

        throw new InvalidOperationException("The weights of a split test add up to less than what was drawn.");
    }

    // "A:50"; without a weight all weigh alike.
    private static ImmutableArray<(string Port, int Weight)> Read(ActivityReader reader)
    {
        var arms = ImmutableArray.CreateBuilder<(string, int)>();
        foreach (var text in reader.RequiredTexts("arms"))
        {
            var parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
            var weight = 1;
            if (
                parts[0].Length == 0
                || (
                    parts.Length == 2
                    && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out weight)
                )
                || weight is < 1 or > 1_000_000
            )
            {
                reader.Fault("arms", $"'{text}' is no arm; expected a name and a weight from 1, such as A:50.");
                continue;
            }

            arms.Add((parts[0], weight));
        }

        foreach (
            var twice in arms.GroupBy(arm => arm.Item1, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)
        )
        {
            reader.Fault("arms", $"names '{twice.Key}' more than once.");
        }

        return arms.ToImmutable();
    }
}
