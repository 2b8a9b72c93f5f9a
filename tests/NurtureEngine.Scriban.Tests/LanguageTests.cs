using System.Globalization;

namespace NurtureEngine.Scriban.Tests;

/// <summary>The cases of <c>Cases/*.txt</c> and <c>Faults/*.txt</c>, to which anyone can add a line.</summary>
public sealed class LanguageTests
{
    public static TheoryData<string, string> Cases => Lines("Cases");

    public static TheoryData<string, string> Faults => Lines("Faults");

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_template_renders_as_Scriban_renders_it(string template, string expected)
    {
        var parsed = Template.TryParse(template, out var faults);
        Assert.Empty(faults);

        var result = parsed!.Render(Model, OutputKind.Text, CultureInfo.InvariantCulture);
        Assert.Equal(expected, Assert.IsType<RenderResult.Rendered>(result).Text);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_faulty_template_is_named_with_place_and_what_was_expected(string template, string expected)
    {
        var parsed = Template.TryParse(template, out var faults);
        var (place, part) = (expected.Split(' ')[0], expected[(expected.IndexOf(' ', StringComparison.Ordinal) + 1)..]);

        Assert.Null(parsed);
        Assert.Equal(place, $"{faults[0].Line}:{faults[0].Column}");
        Assert.Contains(part, faults[0].Message, StringComparison.Ordinal);
    }

    private static TheoryData<string, string> Lines(string folder)
    {
        var cases = new TheoryData<string, string>();
        foreach (
            var line in Directory
                .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.txt")
                .Order(StringComparer.Ordinal)
                .SelectMany(File.ReadLines)
        )
        {
            if (line.Length > 0 && line[0] != '#')
            {
                var parts = line.Split(" ⇒ ");
                cases.Add(Unescape(parts[0]), Unescape(parts[1]));
            }
        }

        return cases;
    }

    private static string Unescape(string text) =>
        text.Replace(@"\\", "\0", StringComparison.Ordinal)
            .Replace(@"\n", "\n", StringComparison.Ordinal)
            .Replace(@"\t", "\t", StringComparison.Ordinal)
            .Replace(@"\r", "\r", StringComparison.Ordinal)
            .Replace("\0", @"\", StringComparison.Ordinal);

    private static Values Model { get; } =
        new()
        {
            ["name"] = "Ann Lee",
            ["n"] = 25L,
            ["d"] = 2.5,
            ["m"] = 12.50m,
            ["nil"] = null,
            ["when_"] = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero),
            ["lead"] = new Values { ["name"] = "Ann", ["seats"] = 25L },
            ["items"] = new List<object?> { "b", "a", "c" },
        };

    private sealed class Values : Dictionary<string, object?>, IModel
    {
        public bool TryGet(string name, out object? value) => TryGetValue(name, out value);
    }
}
