using System.Globalization;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Tests.Templating;

/// <summary>The size of a company is a number in comparisons, and prints as it was written.</summary>
public sealed class WrittenNumberTests
{
    [Theory]
    [InlineData("30", "30", true, false)]
    [InlineData("1200", "1200", false, true)]
    [InlineData("1,200", "1,200", false, true)]
    [InlineData("0050", "0050", false, false)]
    [InlineData("51-200", "51-200", false, false)]
    [InlineData("1,200+", "1,200+", false, false)]
    [InlineData("about 40", "about 40", false, false)]
    public void A_size_compares_as_a_number_and_prints_as_written(
        string size,
        string printed,
        bool isSmall,
        bool isLarge
    )
    {
        Assert.Equal(printed, Rendered("{{ account.size }}", size));
        Assert.Equal(isSmall, Holds("account.size < 50", size));
        Assert.Equal(isLarge, Holds("(account.size) >= 1000", size));
        Assert.True(Holds("account.size", size));
    }

    [Theory]
    [InlineData("mid-business", "1200", "second tab by product line", true)]
    [InlineData("mid-business", "80", "second tab by product line", false)]
    [InlineData("mid-business", "1,200+", "second tab by product line", false)]
    [InlineData("product-solution", "1200", "For a team of your size", false)]
    [InlineData("product-solution", "12", "For a team of your size", true)]
    [InlineData("product-solution", "51-200", "For a team of your size", false)]
    [InlineData("welcome-lead", "51-200", "about 51-200 people", true)]
    [InlineData("welcome-lead", "1200", "about 1200 people", true)]
    public void The_shipped_contents_choose_by_the_number(string content, string size, string sentence, bool isThere)
    {
        var body = File.ReadAllText(Path.Combine(Repository.Root, "templates", content, "body.en.html"));
        var withoutLayout = body.Replace("{{ include \"layout.html\" body }}", "{{ body }}", StringComparison.Ordinal);

        Assert.Equal(isThere, Rendered(withoutLayout, size).Contains(sentence, StringComparison.Ordinal));
    }

    private static bool Holds(string condition, string size) =>
        Condition.TryParse(condition, out _)!.Holds(Model(size), CultureInfo.InvariantCulture, out _) == true;

    private static string Rendered(string template, string size) =>
        Assert
            .IsType<RenderResult.Rendered>(
                Samples.Parsed(template).Render(Model(size), OutputKind.Html, CultureInfo.InvariantCulture, Buttons)
            )
            .Text;

    private static IPartials Buttons { get; } = new AnyPartial();

    private static LeadModel Model(string size) =>
        new(
            new Lead { Key = new ExternalKey("crm", "ann") },
            new Account(
                null,
                new ExternalKey("crm", "acme"),
                FieldSet.Empty.With(
                    [KeyValuePair.Create(Fields.Size, (string?)size)],
                    new Stamp(null, DateTimeOffset.UnixEpoch)
                )
            ),
            new Sender("Nadia", "nadia@example.com", null, "Northwind", "1 Example Street")
        );

    private sealed class AnyPartial : IPartials
    {
        public Template? Find(string name) => Template.TryParse("", out _);
    }
}
