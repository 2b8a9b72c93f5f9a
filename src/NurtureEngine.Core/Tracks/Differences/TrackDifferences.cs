using System.Text.Json;

namespace NurtureEngine.Core.Tracks.Differences;

/// <summary>What is different between two definitions of a track, in the words of those who draw them. Where steps stand on the canvas is no difference.</summary>
public static class TrackDifferences
{
    /// <summary>The differences: of the whole track first, then of its steps, then of the lines between them.</summary>
    /// <param name="before">The earlier definition, as JSON.</param>
    /// <param name="after">The later one.</param>
    public static IReadOnlyList<LocalisedText> Between(string before, string after)
    {
        using var one = JsonDocument.Parse(before);
        using var other = JsonDocument.Parse(after);
        var (old, now) = (new DrawnTrack(one.RootElement), new DrawnTrack(other.RootElement));
        return [.. OfTrack(old, now), .. OfSteps(old, now), .. OfLines(old, now)];
    }

    private static IEnumerable<LocalisedText> OfTrack(DrawnTrack old, DrawnTrack now)
    {
        if (old.Name != now.Name)
        {
            yield return new(
                $"It is called “{now.Name}” instead of “{old.Name}”.",
                $"名称由“{old.Name}”改为“{now.Name}”。"
            );
        }

        if (old.Description != now.Description)
        {
            yield return new("Its description is another one.", "说明已修改。");
        }

        foreach (var name in old.Settings.Keys.Union(now.Settings.Keys).Order(StringComparer.Ordinal))
        {
            var (was, @is) = (old.Settings.GetValueOrDefault(name), now.Settings.GetValueOrDefault(name));
            if (was != @is)
            {
                yield return DifferenceWords.Changed(DifferenceWords.Setting(name), was, @is);
            }
        }

        foreach (var name in old.Variables.Except(now.Variables))
        {
            yield return new($"The variable {name} is gone.", $"变量 {name} 已删除。");
        }

        foreach (var name in now.Variables.Except(old.Variables))
        {
            yield return new($"There is a variable {name}.", $"新增变量 {name}。");
        }
    }

    private static IEnumerable<LocalisedText> OfSteps(DrawnTrack old, DrawnTrack now)
    {
        foreach (var step in old.Steps.Values.Where(step => !now.Steps.ContainsKey(step.Id)))
        {
            yield return new($"The step “{step.Label}” is gone.", $"步骤“{step.Label}”已删除。");
        }

        foreach (var step in now.Steps.Values)
        {
            if (!old.Steps.TryGetValue(step.Id, out var before))
            {
                yield return new(
                    $"There is a new step “{step.Label}” ({step.Type.English}).",
                    $"新增步骤“{step.Label}”（{step.Type.Chinese}）。"
                );
                continue;
            }

            foreach (var difference in DrawnStep.Between(before, step, now.NextOf(step.Id)))
            {
                yield return difference;
            }
        }
    }

    private static IEnumerable<LocalisedText> OfLines(DrawnTrack old, DrawnTrack now)
    {
        // The lines of a step that is gone went with it.
        var ways = old
            .Lines.Concat(now.Lines)
            .Select(line => (line.From, line.Port))
            .Distinct()
            .Where(way => now.Steps.ContainsKey(way.From))
            .OrderBy(way => now.Steps[way.From].Label, StringComparer.Ordinal);
        foreach (var (from, port) in ways)
        {
            var (was, @is) = (old.TargetsOf(from, port), now.TargetsOf(from, port));
            if (was.SetEquals(@is))
            {
                continue;
            }

            var (step, before, after) = (now.Steps[from].Label, Listed(old, was), Listed(now, @is));
            var way = port == "Done" ? "" : $" ({port})";
            yield return (was.Count, @is.Count) switch
            {
                (0, _) => new($"After “{step}”{way} comes {after}.", $"“{step}”{way}之后是{after}。"),
                (_, 0) => new(
                    $"After “{step}”{way} nothing follows any more; it was {before}.",
                    $"“{step}”{way}之后不再有步骤（原为{before}）。"
                ),
                _ => new(
                    $"After “{step}”{way} comes {after} instead of {before}.",
                    $"“{step}”{way}之后由{before}改为{after}。"
                ),
            };
        }
    }

    private static string Listed(DrawnTrack track, IEnumerable<string> steps) =>
        string.Join(
            ", ",
            steps
                .Select(step => $"“{track.Steps.GetValueOrDefault(step)?.Label ?? step}”")
                .Order(StringComparer.Ordinal)
        );
}
