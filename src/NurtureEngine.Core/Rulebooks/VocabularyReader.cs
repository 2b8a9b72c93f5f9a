using System.Collections.Immutable;
using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Rulebooks;

/// <summary>Reads how an organisation speaks of its leads: roles by title, custom fields, the business dictionary.</summary>
internal static class VocabularyReader
{
    private static readonly string[] Kinds = ["object", "metric"];

    /// <summary><c>roles</c>: a list of <c>{"role": "DecisionMaker", "titles": ["CEO", "总经理"]}</c>.</summary>
    public static ImmutableArray<RoleRule> ReadRoles(JsonShape root) =>
        [
            .. root.Objects("roles")
                .Select(shape =>
                {
                    shape.AllowOnly("role", "titles");
                    var titles = shape.Texts("titles").Select(title => title.Trim()).ToImmutableArray();
                    if (titles.IsEmpty || titles.Any(title => title.Length == 0))
                    {
                        shape.Fault(
                            "titles",
                            "is empty or has an empty word; expected words of titles, such as [\"CTO\"]."
                        );
                    }

                    return new RoleRule(shape.RequiredText("role").Trim(), titles);
                }),
        ];

    /// <summary><c>customFields</c>: each name with a type, or the list of its values.</summary>
    public static ImmutableSortedDictionary<string, CustomField> ReadCustomFields(JsonShape root)
    {
        var fields = ImmutableSortedDictionary.CreateBuilder<string, CustomField>(StringComparer.Ordinal);
        if (root.Object("customFields") is { } shape)
        {
            foreach (var member in shape.Element.EnumerateObject())
            {
                if (member.Value.ValueKind == System.Text.Json.JsonValueKind.Array)
                {
                    var choices = shape.Texts(member.Name).ToImmutableArray();
                    fields[member.Name] = new CustomField(CustomType.Choice, choices);
                    if (choices.IsEmpty)
                    {
                        shape.Fault(member.Name, "has no values; expected at least one.");
                    }
                }
                else if (shape.Choice(member.Name, "text", "number", "boolean", "date") is { } type)
                {
                    fields[member.Name] = new CustomField(Enum.Parse<CustomType>(type, ignoreCase: true), []);
                }
            }
        }

        return fields.ToImmutable();
    }

    /// <summary><c>dictionary</c>: a list of <c>{"kind", "name", "definition": {"en", "zh-CN"}}</c>.</summary>
    public static ImmutableArray<Term> ReadDictionary(JsonShape root)
    {
        var terms = new List<Term>();
        foreach (var shape in root.Objects("dictionary"))
        {
            shape.AllowOnly("kind", "name", "definition");
            var kind = shape.Choice("kind", Kinds);
            if (kind is null && !shape.Has("kind"))
            {
                shape.Fault("kind", $"is missing; expected one of {string.Join(", ", Kinds)}.");
            }

            var definition = LifeCycleReader.ReadText(shape, "definition");
            if (definition is null && !shape.Has("definition"))
            {
                shape.Fault("definition", "is missing; expected an object of texts in 'en' and 'zh-CN'.");
            }

            terms.Add(new Term(kind ?? "", shape.RequiredText("name"), definition ?? new LocalisedText("", "")));
        }

        foreach (var name in terms.GroupBy(term => (term.Kind, term.Name)).Where(group => group.Count() > 1))
        {
            root.Fault("dictionary", $"defines the {name.Key.Kind} '{name.Key.Name}' more than once.");
        }

        return [.. terms];
    }
}
