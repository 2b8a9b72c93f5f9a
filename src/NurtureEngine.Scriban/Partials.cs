using System.Collections.Immutable;

namespace NurtureEngine.Scriban;

/// <summary>A fixed set of partials, by name.</summary>
public sealed class Partials(ImmutableSortedDictionary<string, Template> templates) : IPartials
{
    public Template? Find(string name) => templates.GetValueOrDefault(name);

    /// <summary>
    /// What is wrong with the includes of a template: a partial that does not exist, or one that includes itself, over whatever
    /// others.
    /// </summary>
    public IEnumerable<ScribanFault> Check(Template template)
    {
        foreach (var include in template.Includes)
        {
            if (!templates.ContainsKey(include.Path))
            {
                var known = templates.IsEmpty
                    ? "there are none"
                    : $"expected one of {string.Join(", ", templates.Keys)}";
                yield return new ScribanFault(
                    include.Line,
                    include.Column,
                    $"'{include.Path}' is no partial; {known}."
                );
            }
            else if (Cycle([include.Path], []) is { } cycle)
            {
                yield return new ScribanFault(
                    include.Line,
                    include.Column,
                    $"'{include.Path}' includes itself: {string.Join(" → ", cycle)}."
                );
            }
        }
    }

    private ImmutableArray<string>? Cycle(ImmutableArray<string> path, HashSet<string> sound)
    {
        foreach (var next in templates.GetValueOrDefault(path[^1])?.Includes.Select(include => include.Path) ?? [])
        {
            if (path.Contains(next))
            {
                return path.Add(next);
            }

            if (!sound.Contains(next) && Cycle(path.Add(next), sound) is { } cycle)
            {
                return cycle;
            }
        }

        sound.Add(path[^1]);
        return null;
    }
}
