using System.Text.Json;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.IntegrationTests.Api;

/// <summary>The schema in docs says what the host reads.</summary>
public sealed class WebhookSchemaTests
{
    [Fact]
    public void It_names_every_type_field_and_section_that_is_read()
    {
        using var document = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(Repository.Root, "docs", "webhooks.schema.json"))
        );
        var root = document.RootElement;
        var types = root.GetProperty("properties")
            .GetProperty("type")
            .GetProperty("examples")
            .EnumerateArray()
            .Select(type => type.GetString());
        var lead = Properties(root.GetProperty("$defs").GetProperty("lead"));
        var company = root.GetProperty("$defs").GetProperty("company");

        Assert.Empty(EventTypes.Applied.Except(types));
        Assert.All(
            [
                "email",
                "name",
                "phone",
                "title",
                "role",
                "language",
                "country",
                "timeZone",
                "tags",
                "card",
                "custom",
                "consent",
            ],
            name => Assert.Contains(name, lead)
        );
        Assert.Equal(Fields.Dossier, Properties(company.GetProperty("properties").GetProperty("dossier")));
    }

    private static IEnumerable<string> Properties(JsonElement shape) =>
        shape.GetProperty("properties").EnumerateObject().Select(member => member.Name);
}
