using System.Globalization;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Studio.Instances;

/// <summary>What happened in an enrollment, as Elsa Studio's viewer reads it: one execution for each time that a step was entered.</summary>
internal sealed class JournalAnswer(EnrollmentRecord enrollment, IReadOnlyList<StepEntry> entries, StepNodes nodes)
{
    private readonly HashSet<string> _here = [.. enrollment.Standing.Tokens.Select(token => token.Step.Value)];

    /// <summary>The journal: a step was entered, and left unless the lead still stands there.</summary>
    public IEnumerable<JsonObject> Records(Func<StepNode, bool> isWanted)
    {
        var sequence = 0L;
        foreach (var (index, entry) in entries.Index())
        {
            var node = nodes.Find(entry.Step);
            if (isWanted(node))
            {
                yield return Record(index, entry, node, "Started", sequence);
                yield return Record(index, entry, node, EndOf(index, entry), sequence + 1);
            }

            sequence += 2;
        }
    }

    /// <summary>How often each step was entered and left.</summary>
    public IEnumerable<JsonObject> Stats() =>
        entries
            .Select((entry, index) => (entry.Step, IsDone: EndOf(index, entry) == "Completed"))
            .GroupBy(entry => entry.Step, StringComparer.Ordinal)
            .Select(step =>
            {
                var (started, done) = (step.Count(), step.Count(entry => entry.IsDone));
                return new JsonObject
                {
                    ["activityId"] = step.Key,
                    ["activityNodeId"] = nodes.Find(step.Key).NodeId,
                    ["startedCount"] = started,
                    ["completedCount"] = done,
                    ["uncompletedCount"] = started - done,
                    ["isBlocked"] = started > done && enrollment.State != EnrollmentState.Parked,
                    ["isFaulted"] = started > done && enrollment.State == EnrollmentState.Parked,
                    ["metadata"] = new JsonObject(),
                };
            });

    /// <summary>The executions of a step; null for those of all.</summary>
    public IEnumerable<JsonObject> Executions(string? nodeId) =>
        entries
            .Select((entry, index) => (entry, index, Node: nodes.Find(entry.Step)))
            .Where(one => nodeId is null || one.Node.NodeId == nodeId)
            .Select(one =>
            {
                var end = EndOf(one.index, one.entry);
                return new JsonObject
                {
                    ["id"] = IdOf(one.index),
                    ["workflowInstanceId"] = enrollment.Key,
                    ["activityId"] = one.entry.Step,
                    ["activityNodeId"] = one.Node.NodeId,
                    ["activityType"] = one.Node.Type,
                    ["activityTypeVersion"] = 1,
                    ["activityName"] = one.Node.Name,
                    ["startedAt"] = one.entry.At,
                    ["completedAt"] = end == "Completed" ? one.entry.At : null,
                    ["hasBookmarks"] = end == "Suspended",
                    ["status"] = end switch
                    {
                        "Completed" => "Completed",
                        "Faulted" => "Faulted",
                        _ => "Running",
                    },
                    ["metadata"] = new JsonObject(),
                    ["activityState"] = new JsonObject(),
                    ["payload"] = new JsonObject(),
                    ["outputs"] = new JsonObject(),
                    ["properties"] = new JsonObject(),
                };
            });

    private string IdOf(int index) => string.Create(CultureInfo.InvariantCulture, $"{enrollment.Key}-{index}");

    // A lead stands at the last entry of a step, if it stands there at all.
    private string EndOf(int index, StepEntry entry) =>
        !_here.Contains(entry.Step) || entries.Skip(index + 1).Any(later => later.Step == entry.Step) ? "Completed"
        : enrollment.State == EnrollmentState.Parked ? "Faulted"
        : "Suspended";

    private JsonObject Record(int index, StepEntry entry, StepNode node, string name, long sequence) =>
        new()
        {
            ["id"] = $"{IdOf(index)}-{name}",
            ["activityInstanceId"] = IdOf(index),
            ["activityId"] = entry.Step,
            ["activityType"] = node.Type,
            ["activityTypeVersion"] = 1,
            ["activityName"] = node.Name,
            ["nodeId"] = node.NodeId,
            ["timestamp"] = entry.At,
            ["sequence"] = sequence,
            ["eventName"] = name,
            ["activityState"] = new JsonObject(),
        };
}
