using NurtureEngine.Core.Templating;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>A text input: fixed, a variable, or a template over the lead.</summary>
public abstract record TextValue
{
    private TextValue() { }

    public sealed record Fixed(string Text) : TextValue;

    public sealed record Variable(string Name) : TextValue;

    public sealed record Scripted(Template Template) : TextValue;

    /// <summary>The text; null where the template finds no value for something, or fails.</summary>
    public string? In(RunValues values) =>
        this switch
        {
            Fixed given => WellFormed.Of(given.Text),
            Variable variable => values.Variables.GetValueOrDefault(variable.Name) ?? "",
            Scripted scripted => (
                scripted.Template.Render(values.Model, OutputKind.Text, RunValues.Culture) as RenderResult.Rendered
            )?.Text,
            _ => throw new InvalidOperationException($"A '{GetType().Name}' has no text."),
        };
}
