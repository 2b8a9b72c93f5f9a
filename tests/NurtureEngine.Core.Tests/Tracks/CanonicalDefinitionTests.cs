using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using NurtureEngine.Core.Tracks.Definitions;

namespace NurtureEngine.Core.Tests.Tracks;

/// <summary>The form of definitions in files.</summary>
public sealed class CanonicalDefinitionTests
{
    [Fact]
    public void Whatever_is_shuffled_that_means_nothing_the_file_is_the_same_and_nothing_is_lost()
    {
        var canonical = CanonicalDefinition.TryWrite(Shipped())!;

        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                seed =>
                {
                    var shuffled = Shuffled(JsonNode.Parse(Shipped())!, new Random(seed), "");
                    var written = CanonicalDefinition.TryWrite(Encoding.UTF8.GetBytes(shuffled.ToJsonString()))!;
                    Assert.Equal(Encoding.UTF8.GetString(canonical), Encoding.UTF8.GetString(written));
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Draws.Of(200)));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(canonical), Ordered(JsonNode.Parse(Shipped())!)));
        Assert.Equal(canonical, CanonicalDefinition.TryWrite(canonical));
    }

    [Fact]
    public void Members_that_nobody_knows_and_numbers_and_texts_stay_as_they_are()
    {
        var json =
            """{"root":{"later":[{"b":1.50,"a":[3,1,2]}],"id":"x","type":"T"},"新":"\\u00e9\"<欢迎>","definitionId":"d"}""";

        var written = Encoding.UTF8.GetString(CanonicalDefinition.TryWrite(Encoding.UTF8.GetBytes(json))!);

        Assert.Contains("1.50", written, StringComparison.Ordinal);
        Assert.Contains("<欢迎>", written, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(written)));
        Assert.StartsWith("{\n  \"definitionId\": \"d\",", written, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shipped_tracks_are_in_this_form() =>
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "workflows"), "*.json"),
            file => Assert.Equal(File.ReadAllBytes(file), CanonicalDefinition.TryWrite(File.ReadAllBytes(file)))
        );

    private static byte[] Shipped() =>
        File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "Fixtures", "workflows", "welcome.json"));

    // Members anywhere, the activities of the outermost flowchart, and its connections as far as those of one step stay in order.
    private static JsonNode Shuffled(JsonNode node, Random random, string path)
    {
        switch (node)
        {
            case JsonObject members:
                var pairs = members.ToArray();
                random.Shuffle(pairs);
                return new JsonObject(
                    pairs.Select(pair =>
                        KeyValuePair.Create(
                            pair.Key,
                            pair.Value is null ? null : Shuffled(pair.Value, random, $"{path}/{pair.Key}")
                        )
                    )
                );
            case JsonArray items:
                var list = items.Select(item => item is null ? null : Shuffled(item, random, $"{path}/")).ToArray();
                if (path == "/root/activities")
                {
                    random.Shuffle(list);
                }

                if (path == "/root/connections")
                {
                    var groups = list.GroupBy(item => item!["source"]!["activity"]!.GetValue<string>()).ToArray();
                    random.Shuffle(groups);
                    list = [.. groups.SelectMany(group => group)];
                }

                return new JsonArray(list);
            default:
                return node.DeepClone();
        }
    }

    private static JsonNode Ordered(JsonNode definition)
    {
        var root = definition["root"]!.AsObject();
        var activities = root["activities"]!
            .AsArray()
            .OrderBy(a => a!["id"]!.GetValue<string>(), StringComparer.Ordinal);
        var connections = root["connections"]!
            .AsArray()
            .OrderBy(c => c!["source"]!["activity"]!.GetValue<string>(), StringComparer.Ordinal);
        root["activities"] = new JsonArray([.. activities.Select(item => item!.DeepClone())]);
        root["connections"] = new JsonArray([.. connections.Select(item => item!.DeepClone())]);
        return definition;
    }
}
