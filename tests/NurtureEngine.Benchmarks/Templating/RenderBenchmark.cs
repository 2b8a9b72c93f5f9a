using System.Globalization;
using System.Text;
using NurtureEngine.Benchmarks.Measuring;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Benchmarks.Templating;

/// <summary>
/// A template of 3 KB with ten fields, a condition and a loop of five, rendered as HTML; the raw reference fills the same
/// text by hand.
/// </summary>
internal static class RenderBenchmark
{
    private static readonly CultureInfo Culture = CultureInfo.GetCultureInfo("en");

    public static Result Run(bool isModelRebuilt)
    {
        var source = Source();
        var template =
            Template.TryParse(source, out var faults) ?? throw new InvalidDataException(faults[0].In("mail.html"));
        var kept = Sample.NewModel();
        var byHand = new HandWrittenMail(source);
        var expected = Render(template, kept);
        if (byHand.Render(Sample.Lead, Sample.Account, Sample.Sender) != expected)
        {
            throw new InvalidDataException("The reference and the template do not make the same text.");
        }

        var (measured, raw) = Throughput.Of(
            () => Render(template, isModelRebuilt ? Sample.NewModel() : kept),
            () => byHand.Render(Sample.Lead, Sample.Account, Sample.Sender)
        );
        Console.WriteLine($"template of {source.Length:N0} characters, text of {expected.Length:N0}");
        Console.WriteLine($"rendered  {measured.Shown}");
        Console.WriteLine($"by hand   {raw.Shown}");
        return new Result(isModelRebuilt ? "render-fresh" : "render", measured.PerSecond, "renders/s", raw.PerSecond);
    }

    private static string Render(Template template, IModel model) =>
        template.Render(model, OutputKind.Html, Culture) is RenderResult.Rendered rendered
            ? rendered.Text
            : throw new InvalidDataException("The template does not render.");

    private static string Source()
    {
        using var stream = typeof(RenderBenchmark).Assembly.GetManifestResourceStream("mail.html")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
