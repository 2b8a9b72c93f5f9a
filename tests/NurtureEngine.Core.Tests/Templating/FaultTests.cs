using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Tests.Templating;

/// <summary>The cases of <c>Cases/faults.txt</c>, to which anyone can add a line.</summary>
public sealed class FaultTests
{
    public static TheoryData<string, string> Faults => Lines();

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

    private static TheoryData<string, string> Lines()
    {
        var cases = new TheoryData<string, string>();
        foreach (
            var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Templating", "Cases", "faults.txt"))
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
}
