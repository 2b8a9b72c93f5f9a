using System.Globalization;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks.Differences;
using NurtureEngine.Core.Tracks.Drafts;

namespace NurtureEngine.Studio.Saving;

/// <summary>What is wrong with a definition, as the panel beside the canvas shows it.</summary>
internal static class ProblemAnswer
{
    public static JsonArray Of(DraftProblems problems, string definition)
    {
        var labels = StepLabels.Of(definition);
        var culture = CultureInfo.CurrentUICulture;
        var faults = problems.Faults.Select(fault =>
        {
            var step = labels.StepOf(fault);
            return Line(
                "fault",
                "compiler",
                labels.SentenceOf(fault, culture),
                step,
                labels.LabelOf(step) ?? fault.Place
            );
        });
        var warnings = problems.Warnings.Select(warning =>
        {
            var step = warning.Step?.Value;
            return Line("warning", warning.Code, warning.Sentence.In(culture), step, labels.LabelOf(step));
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
}
