using System.Text.Json.Nodes;
using NurtureEngine.Core.Reports;
using NurtureEngine.Host.Pages;

namespace NurtureEngine.IntegrationTests.Pages;

/// <summary>Settings go from a definition into a form and back.</summary>
public sealed class TrackChangesTests
{
    public static TheoryData<string> Shipped =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Repository.Root, "workflows"), "*.json")
                .Select(Path.GetFileName)
                .OfType<string>(),
        ];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_form_that_is_sent_unchanged_changes_nothing(string file)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "workflows", file));
        var (before, after) = (SettingsOf(text), SettingsOf(text));

        Assert.Empty(TrackChanges.Apply(after, TrackChanges.Read(text, version: 1)));
        Assert.True(JsonNode.DeepEquals(before, after), after.ToJsonString());
    }

    [Fact]
    public void A_contact_policy_is_written_as_definitions_have_it()
    {
        var nurture = new JsonObject();
        var faults = TrackChanges.Apply(
            nurture,
            new TrackChange
            {
                Policy = new TrackPolicy
                {
                    Times = "09:30，14:00",
                    Days = ["Tue"],
                    Window = "3h",
                    MinGap = "20h",
                    Caps = "1 within 13d, 4 per month",
                },
            }
        );

        Assert.Empty(faults);
        Assert.Equal(
            """{"cadence":{"times":["09:30","14:00"],"days":["Tue"],"window":"3h","minGap":"20h","caps":[{"most":1,"of":"track","within":"13d"},{"most":4,"of":"track","per":"month"}]}}""",
            nurture.ToJsonString()
        );
    }

    [Theory]
    [InlineData("often")]
    [InlineData("1 in 13d")]
    [InlineData("99999 per week")]
    public void A_cap_that_cannot_be_read_is_named(string caps)
    {
        var fault = Assert.Single(TrackChanges.Apply([], new TrackChange { Policy = new TrackPolicy { Caps = caps } }));

        Assert.Equal("#/customProperties/nurture/cadence/caps", fault.Place);
        Assert.Contains($"'{caps}'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Days_that_are_spelled_out_are_understood()
    {
        var change = TrackChanges.Read(
            """{"customProperties":{"nurture":{"cadence":{"days":["tuesday","FRI"]}}}}""",
            version: 1
        );

        Assert.Equal(["Tue", "Fri"], change.Policy?.Days);
    }

    [Theory]
    [InlineData("""{"caps":[{"most":2,"within":"7d"},{"most":1,"within":"1d 12h"}]}""")]
    [InlineData("""{"times":["09:30"]}""")]
    [InlineData("""{"time":"09:30","times":["14:00","16:00"],"days":["Thursday","Tue"]}""")]
    [InlineData("{}")]
    public void However_a_contact_policy_is_spelled_it_stays_as_it_is(string cadence)
    {
        var text = """{"customProperties":{"nurture":{"cadence":""" + cadence + "}}}";
        var nurture = SettingsOf(text);

        Assert.Empty(TrackChanges.Apply(nurture, TrackChanges.Read(text, version: 1)));
        Assert.Equal(cadence, nurture["cadence"]!.ToJsonString());
    }

    [Fact]
    public void A_form_without_a_contact_policy_leaves_it_and_an_empty_one_removes_it()
    {
        const string Text = """{"customProperties":{"nurture":{"cadence":{"time":"09:30","days":["Tue"]}}}}""";
        var (kept, cleared) = (SettingsOf(Text), SettingsOf(Text));
        TrackChanges.Apply(kept, new TrackChange());
        TrackChanges.Apply(cleared, new TrackChange { Policy = new TrackPolicy() });

        Assert.Equal("09:30", kept["cadence"]!["time"]!.ToString());
        Assert.False(cleared.ContainsKey("cadence"));
    }

    private static JsonObject SettingsOf(string definition) =>
        JsonNode.Parse(definition)!["customProperties"]!["nurture"]!.AsObject();
}
