using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NurtureEngine.Core.Tracks.Drafts;

namespace NurtureEngine.Studio.Saving;

/// <summary>What is wrong with a definition, as the panel beside the canvas shows it.</summary>
internal static partial class ProblemAnswer
{
    public static JsonArray Of(DraftProblems problems, string definition)
    {
        var steps = StepsOf(JsonNode.Parse(definition)?["root"]).ToList();
        var faults = problems.Faults.Select(fault =>
        {
            var name = StepName().Match(fault.Place) is { Success: true } match ? match.Groups["name"].Value : null;
            var step = steps.Find(step => step.Name == name);
            return Line("fault", "compiler", fault.Message, step.Id, step.Label ?? fault.Place);
        });
        var warnings = problems.Warnings.Select(warning =>
        {
            var step = steps.Find(step => step.Id == warning.Step?.Value);
            return Line("warning", warning.Code, SaveSentences.In(warning.Sentence), step.Id, step.Label);
        });
        return new JsonArray([.. faults, .. warnings]);
    }

    private static JsonNode Line(string kind, string code, string text, string? step, string? place) =>
        new JsonObject
        {
            ["kind"] = kind,
            ["code"] = code,
            ["text"] = text,
            ["step"] = step,
            ["place"] = place,
        };

    private static IEnumerable<(string Id, string Name, string? Label)> StepsOf(JsonNode? activity) =>
        activity is not JsonObject some
            ? []
            : Definitions.ShownActivity.ChildrenOf(some).SelectMany(child => StepsOf(child).Prepend(StepOf(child)));

    private static (string Id, string Name, string? Label) StepOf(JsonObject step)
    {
        var name = ModelBody.TextOf(step, "name") ?? $"{step["id"]}";
        return (
            $"{step["id"]}",
            name,
            step["metadata"]?["displayText"]?.ToString() is { Length: > 0 } text ? text : name
        );
    }

    [GeneratedRegex("^step '(?<name>.*)'$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex StepName();
}
