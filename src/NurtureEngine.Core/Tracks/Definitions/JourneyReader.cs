using System.Text.Json;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Tracks.Definitions;

/// <summary>Reads a step's journey sentence from <c>customProperties.nurture.journey</c>: whole, or not at all.</summary>
internal static class JourneyReader
{
    public static Journey? Read(JsonElement activity, string name, LifeCycle? cycle, List<Diagnostic> faults)
    {
        var step = new JsonShape(activity, $"/step '{name}'", faults);
        if (step.Object("customProperties")?.Object("nurture") is not { } nurture)
        {
            return null;
        }

        nurture.AllowOnly("journey");
        if (nurture.Object("journey") is not { } shape)
        {
            return null;
        }

        shape.AllowOnly("stage", "cognition", "segment", "thinks", "feels", "does", "to");
        return new Journey(
            Stage("stage"),
            shape.RequiredText("cognition").Length > 0 ? shape.Choice("cognition", [.. Cognition.All]) ?? "" : "",
            Text("segment"),
            Text("thinks"),
            Text("feels"),
            Text("does"),
            Stage("to")
        );

        string Stage(string member)
        {
            var stage = shape.RequiredText(member);
            if (stage.Length > 0 && cycle is not null && cycle.FindStage(stage) is null)
            {
                shape.Fault(
                    member,
                    $"'{stage}' is no stage of life cycle '{cycle.Name}'; expected one of {string.Join(", ", cycle.Stages.Select(known => known.Name))}."
                );
            }

            return stage;
        }

        LocalisedText Text(string member) => LifeCycleReader.ReadText(shape, member) ?? Missing(member);

        LocalisedText Missing(string member)
        {
            if (shape.Lacks(member))
            {
                shape.Fault(member, "is missing; expected a text in 'en' and 'zh-CN'.");
            }

            return new LocalisedText("", "");
        }
    }
}
