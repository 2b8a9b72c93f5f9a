using System.Text;
using System.Text.Json.Nodes;

namespace NurtureEngine.Core.Tracks.Drafts;

/// <summary>A new track, from one that is there or from nothing.</summary>
public static class TrackCopy
{
    private const int LongestId = 60;
    private const string StudioVersion = "3.8.2.0";

    /// <summary>
    /// The definition under another id and name. Its steps keep their ids and their content, so that a copy differs from its origin by what is
    /// changed in it only.
    /// </summary>
    public static string Of(string definition, string definitionId, string name)
    {
        var copy = JsonNode.Parse(definition)!.AsObject();
        copy["id"] = definitionId;
        copy["definitionId"] = definitionId;
        copy["name"] = name;
        copy["version"] = 1;
        copy["isLatest"] = true;
        copy["isPublished"] = true;
        if (copy["customProperties"]?["nurture"] is JsonObject nurture)
        {
            // Whoever copies a track owns the copy, and says so.
            nurture.Remove("owner");
        }

        return copy.ToJsonString();
    }

    /// <summary>A definition without a step, of a track that is a drip until its settings say otherwise.</summary>
    public static string Blank(string definitionId, string name) =>
        new JsonObject
        {
            ["id"] = definitionId,
            ["definitionId"] = definitionId,
            ["name"] = name,
            ["version"] = 1,
            ["isLatest"] = true,
            ["isPublished"] = true,
            ["toolVersion"] = StudioVersion,
            ["customProperties"] = new JsonObject { ["nurture"] = new JsonObject { ["type"] = "drip" } },
            ["root"] = new JsonObject
            {
                ["id"] = $"{definitionId}-flow",
                ["type"] = "Elsa.Flowchart",
                ["version"] = 1,
                ["activities"] = new JsonArray(),
                ["connections"] = new JsonArray(),
            },
        }.ToJsonString();

    /// <summary>An id for a track of this name; null if the name has too few Latin letters and digits to make one.</summary>
    public static string? IdFrom(string name)
    {
        var plain = new StringBuilder();
        foreach (var c in name.ToLowerInvariant().Take(LongestId))
        {
            plain.Append(char.IsAsciiLetterOrDigit(c) ? c : '-');
        }

        var id = string.Join('-', plain.ToString().Split('-', StringSplitOptions.RemoveEmptyEntries));
        return id.Length > 2 ? id : null;
    }
}
