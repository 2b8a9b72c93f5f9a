using System.Collections.Immutable;

namespace NurtureEngine.Core.Templating;

/// <summary>
/// A fixed set of partials, by name; <paramref name="known"/> are the names that exist, be they sound or not, and null is those
/// of the templates.
/// </summary>
public sealed class Partials(ImmutableSortedDictionary<string, Template> templates, IEnumerable<string>? known = null)
    : IPartials
{
    private readonly ImmutableSortedSet<string> _names = [.. known ?? templates.Keys];

    public Template? Find(string name) => templates.GetValueOrDefault(name);

    /// <summary>
    /// What is wrong with the includes of a template: a partial that does not exist, or one that includes itself, over whatever
    /// others.
    /// </summary>
    public IEnumerable<TemplateFault> Check(Template template)
    {
        foreach (var include in template.Includes)
        {
            if (!_names.Contains(include.Path))
            {
                var expected = _names.IsEmpty ? "there are none" : $"expected one of {string.Join(", ", _names)}";
                yield return new TemplateFault(
                    include.Line,
                    include.Column,
                    $"'{include.Path}' is no partial; {expected}."
                );
            }
            else if (Cycle([include.Path], []) is { } cycle)
            {
                yield return new TemplateFault(
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
