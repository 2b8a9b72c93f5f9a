using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Tests.Templating;

/// <summary>A model with values that want escaping, and partials, for tests of more than one kind.</summary>
internal static class Samples
{
    public static IModel Model { get; } =
        JsonModel.Parse(
            """{"x": "<i>", "safe": "<b>", "big": 9007199254740993, "none": "", "grid": [[1, 2], [3]], "lead": {"a": 1}}"""
        );

    public static Partials Boxes { get; } =
        new(
            ImmutableSortedDictionary<string, Template>
                .Empty.Add("box.html", Parsed("<div>{{ $1 }}</div>"))
                .Add("b", Parsed("b"))
                .Add("named", Parsed("Dear {{ $name ?? 'there' }}"))
                .Add("returns", Parsed("x{{ ret 'leak' }}"))
        );

    public static Template Parsed(string template) =>
        Template.TryParse(template, out var faults) ?? throw new FormatException($"{faults[0]}");

    /// <summary>Renders a template as text, with the model and the partials.</summary>
    public static RenderResult Render(string template) =>
        Parsed(template).Render(Model, OutputKind.Text, CultureInfo.InvariantCulture, Boxes);
}
