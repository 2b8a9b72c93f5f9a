using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Definitions;
using NurtureEngine.Studio.Descriptors;

namespace NurtureEngine.Studio.Definitions;

/// <summary>
/// Brings what Elsa Studio saves into the stored definition. Studio drops members that it does not know, and adds some of its own; unchanged
/// parts keep their stored form exactly, so that saving without a change makes no draft.
/// </summary>
internal static class ModelMerge
{
    private static readonly string[] Taken =
    [
        "name",
        "description",
        "variables",
        "inputs",
        "outputs",
        "outcomes",
        "customProperties",
        "options",
    ];

    /// <summary>The definition to store.</summary>
    /// <param name="stored">What is stored now; null for a new track.</param>
    /// <param name="model">What Studio has sent.</param>
    public static JsonObject Merge(JsonObject? stored, JsonObject model)
    {
        var merged = stored?.DeepClone().AsObject() ?? [];
        var shown = stored is null ? [] : DefinitionAnswer.Complete(stored.DeepClone().AsObject());
        foreach (var name in Taken)
        {
            if (model.ContainsKey(name) && !LooseJson.Same(shown[name], model[name]))
            {
                merged[name] = WithUnknown(stored?[name], model[name]);
            }
        }

        if (model["root"] is JsonObject root)
        {
            merged["root"] = Activity(stored?["root"] as JsonObject, shown["root"] as JsonObject, root);
        }

        return merged;
    }

    private static JsonObject Activity(JsonObject? stored, JsonObject? shown, JsonObject sent)
    {
        // Another activity has the same place.
        if ($"{stored?["id"]}" != $"{sent["id"]}")
        {
            (stored, shown) = (null, null);
        }

        var merged = new JsonObject();
        foreach (var (name, value) in sent)
        {
            if (Member(name, value, stored, shown) is { } kept)
            {
                merged[name] = kept;
            }
        }

        RestoreType(merged, stored, shown, sent);
        // Studio keeps what it does not know; an input that is gone was cleared.
        var inputs = InputsOf(stored);
        foreach (var (name, value) in stored ?? [])
        {
            if (!sent.ContainsKey(name) && !inputs.Contains(name) && !ActivityNodes.IsActivity(value))
            {
                merged[name] = value?.DeepClone();
            }
        }

        return merged;
    }

    // Null for what is not stored.
    private static JsonNode? Member(string name, JsonNode? value, JsonObject? stored, JsonObject? shown)
    {
        switch (name)
        {
            case ActivityDescriptors.PortsInput or ShownActivity.MissingType or ShownActivity.MissingVersion:
                return null;
            case "activities" when value is JsonArray children:
                return new JsonArray([
                    .. children
                        .OfType<JsonObject>()
                        .Select(child => Activity(ById(stored, child), ById(shown, child), child)),
                ]);
            case "connections" when value is JsonArray lines:
                return new JsonArray([.. lines.Select(line => Line(stored?[name] as JsonArray ?? [], line))]);
            case "metadata" when value is JsonObject metadata:
                value = WithSize(metadata, shown);
                break;
        }

        if (ActivityNodes.IsActivity(value))
        {
            return Activity(stored?[name] as JsonObject, shown?[name] as JsonObject, value!.AsObject());
        }

        return shown is not null && LooseJson.Same(shown[name], value)
            ? stored?[name]?.DeepClone()
            : value?.DeepClone();
    }

    private static JsonNode? Line(JsonArray stored, JsonNode? sent) =>
        stored.FirstOrDefault(line => LooseJson.Same(line, sent))?.DeepClone()
        ?? WithUnknown(stored.FirstOrDefault(line => IsSameThing(line, sent)), sent);

    // Studio's own classes hold these parts, and forget what they do not know.
    private static JsonNode? WithUnknown(JsonNode? stored, JsonNode? sent) =>
        (stored, sent) switch
        {
            (JsonObject old, JsonObject now) => new JsonObject(
                old.Where(member => !now.ContainsKey(member.Key))
                    .Concat(now)
                    .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))
            ),
            (JsonArray old, JsonArray now) => new JsonArray([
                .. now.Select(item => WithUnknown(old.FirstOrDefault(one => IsSameThing(one, item)), item)),
            ]),
            _ => sent?.DeepClone(),
        };

    private static bool IsSameThing(JsonNode? one, JsonNode? other) =>
        (one, other) is (JsonObject first, JsonObject second)
        && Identity(first) is { Length: > 0 } id
        && id == Identity(second);

    private static string Identity(JsonObject thing) =>
        thing["source"] is JsonObject source && thing["target"] is JsonObject target
            ? $"{source["activity"]}>{source["port"] ?? "Done"}>{target["activity"]}"
            : $"{thing["id"] ?? thing["name"]}";

    private static JsonObject? ById(JsonObject? container, JsonObject child) =>
        (container?["activities"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .FirstOrDefault(known => $"{known["id"]}" == $"{child["id"]}");

    // Studio measures each node as it is drawn, which is no change.
    private static JsonObject WithSize(JsonObject metadata, JsonObject? shown)
    {
        var copy = metadata.DeepClone().AsObject();
        if (shown?["metadata"]?["designer"]?["size"] is { } size && copy["designer"] is JsonObject designer)
        {
            designer["size"] = size.DeepClone();
        }

        return copy;
    }

    private static void RestoreType(JsonObject merged, JsonObject? stored, JsonObject? shown, JsonObject sent)
    {
        if (stored is null)
        {
            // Copied within the designer: the placeholder remembers what it stands for.
            if (sent[ShownActivity.MissingType] is { } type)
            {
                merged["type"] = type.DeepClone();
                merged["version"] = sent[ShownActivity.MissingVersion]?.DeepClone() ?? 1;
            }

            return;
        }

        foreach (var name in new[] { "type", "version" })
        {
            if (!LooseJson.Same(merged[name] ?? shown?[name], shown?[name]))
            {
                continue;
            }

            merged.Remove(name);
            if (stored[name] is { } known)
            {
                merged[name] = known.DeepClone();
            }
        }
    }

    private static HashSet<string> InputsOf(JsonObject? activity) =>
        ActivityTypes.All.TryGetValue($"{activity?["type"]}", out var type)
            ? [.. type.Inputs.Select(input => input.Name), "activities", "connections"]
            : ["activities", "connections"];
}
