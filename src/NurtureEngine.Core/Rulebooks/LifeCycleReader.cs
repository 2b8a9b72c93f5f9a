using System.Collections.Immutable;
using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>Reads the life cycles of a rulebook: a preset by name, stages of one's own, or a preset some stages of which say more.</summary>
internal static class LifeCycleReader
{
    public static ImmutableArray<LifeCycle> Read(JsonShape root)
    {
        var cycles = root.RequiredObjects("lifeCycles").Select(ReadOne).ToImmutableArray();
        if (cycles.IsEmpty)
        {
            root.Fault("lifeCycles", "is missing or empty; expected at least one life cycle.");
        }

        foreach (
            var name in cycles
                .GroupBy(cycle => cycle.Name, StringComparer.OrdinalIgnoreCase)
                .Where(group => group.Count() > 1)
                .Select(group => group.Key)
        )
        {
            root.Fault("lifeCycles", $"names the life cycle '{name}' more than once.");
        }

        return cycles;
    }

    private static LifeCycle ReadOne(JsonShape shape)
    {
        shape.AllowOnly("name", "preset", "stages");
        var preset = shape.Choice("preset", [.. LifeCyclePresets.All.Keys]);
        var given = preset is null ? shape.RequiredObjects("stages") : shape.Objects("stages");
        var stages = given.ConvertAll(stage => ReadStage(stage, preset));
        foreach (
            var repeated in stages
                .GroupBy(stage => stage.Name, StringComparer.OrdinalIgnoreCase)
                .Where(group => group.Count() > 1)
        )
        {
            shape.Fault("stages", $"names the stage '{repeated.Key}' more than once.");
        }

        if (preset is null && stages.Count == 0 && shape.Has("stages"))
        {
            shape.Fault("stages", "is empty; expected at least one stage.");
        }

        var name = shape.RequiredText("name");
        return new LifeCycle(name, preset is null ? [.. stages] : Merge(LifeCyclePresets.All[preset], stages, shape));
    }

    // What is said of a stage of the preset takes its place; others are faults, since their place is not known.
    private static ImmutableArray<Stage> Merge(ImmutableArray<Stage> preset, List<Stage> given, JsonShape shape)
    {
        foreach (var stage in given.Where(stage => !preset.Any(known => IsSame(known, stage))))
        {
            shape.Fault(
                "stages",
                $"has the stage '{stage.Name}', which the preset has not; expected {string.Join(", ", preset.Select(known => known.Name))}, or no preset."
            );
        }

        return [.. preset.Select(known => given.Find(stage => IsSame(known, stage)) ?? known)];
    }

    private static bool IsSame(Stage one, Stage other) =>
        string.Equals(one.Name, other.Name, StringComparison.OrdinalIgnoreCase);

    private static Stage ReadStage(JsonShape shape, string? preset)
    {
        shape.AllowOnly("name", "cognition", "definition", "owner", "target", "rule");
        var name = shape.RequiredText("name");
        var known = preset is null
            ? null
            : LifeCyclePresets
                .All[preset]
                .FirstOrDefault(stage => string.Equals(stage.Name, name, StringComparison.OrdinalIgnoreCase));
        var target = shape.Object("target");
        target?.AllowOnly("rate", "within");
        if (target?.Decimal("rate") is { } rate && rate is < 0 or > 100)
        {
            target.Fault("rate", $"is {rate}; expected how many of a hundred, 0 to 100.");
        }

        return new Stage(known?.Name ?? name, shape.Choice("cognition", [.. Cognition.All]) ?? known?.Cognition)
        {
            Definition = ReadText(shape, "definition") ?? known?.Definition,
            Owner = shape.Text("owner") ?? known?.Owner,
            TargetRate = target?.Decimal("rate"),
            TargetTime = target?.Duration("within"),
            Rule = ReadRule(shape),
        };
    }

    /// <summary>A text in both languages: an object of <c>en</c> and <c>zh-CN</c>.</summary>
    public static LocalisedText? ReadText(JsonShape owner, string name)
    {
        if (owner.Object(name) is not { } shape)
        {
            return null;
        }

        shape.AllowOnly("en", "zh-CN");
        return new LocalisedText(shape.RequiredText("en"), shape.RequiredText("zh-CN"));
    }

    private static StageRule? ReadRule(JsonShape stage)
    {
        if (stage.Object("rule") is not { } shape)
        {
            return null;
        }

        shape.AllowOnly("score", "criteria", "signs", "silentFor");
        var (score, criteria) = (shape.Integer("score"), shape.Integer("criteria"));
        var signs = shape.Texts("signs").Select(sign => sign.Trim()).Where(sign => sign.Length > 0).ToImmutableArray();
        if (criteria is < 0 or > 100)
        {
            shape.Fault("criteria", $"is {criteria}; expected of how many criteria there must be evidence.");
        }

        if (score is null && criteria is null or 0 && signs.IsEmpty)
        {
            stage.Fault("rule", "asks for nothing; expected 'score', 'criteria' or 'signs'.");
        }

        return new StageRule(score, (int)(criteria ?? 0), signs, shape.Duration("silentFor") ?? TimeSpan.Zero);
    }
}
