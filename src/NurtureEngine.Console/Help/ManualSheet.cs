using System.Collections.Concurrent;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace NurtureEngine.Pages.Help;

/// <summary>A sheet of the manual: a file of <c>docs/</c>, which this assembly holds.</summary>
/// <param name="Body">The sheet as HTML.</param>
public sealed record ManualSheet(MarkupString Body)
{
    private const string Folder = "/console/manual/";
    private const string Suffix = ".md";

    private static readonly ConcurrentDictionary<string, ManualSheet> Read = [];

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UsePipeTables()
        .UseAutoIdentifiers(Markdig.Extensions.AutoIdentifiers.AutoIdentifierOptions.GitHub)
        .Build();

    /// <summary>The names of all sheets, such as <c>tracks</c>.</summary>
    public static IReadOnlySet<string> Names { get; } =
        typeof(ManualSheet)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[..^Suffix.Length])
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>A sheet by its name; null where there is none.</summary>
    public static ManualSheet? Of(string name) => Names.Contains(name) ? Read.GetOrAdd(name, Render) : null;

    /// <summary>Where a sheet is, or the row of its tables that begins with a name in code.</summary>
    public static string AddressOf(string name, string? row = null) =>
        row is null ? $"{Folder}{name}" : $"{Folder}{name}#{row}";

    private static ManualSheet Render(string name)
    {
        using var stream = typeof(ManualSheet).Assembly.GetManifestResourceStream(name + Suffix)!;
        using var reader = new StreamReader(stream);
        var document = Markdown.Parse(reader.ReadToEnd(), Pipeline);
        foreach (var row in document.Descendants<TableRow>())
        {
            Name(row);
        }

        foreach (var table in document.Descendants<Table>())
        {
            table.GetAttributes().AddClass("table");
            // It scrolls sideways on a phone, also by the keyboard.
            table.GetAttributes().AddProperty("tabindex", "0");
        }

        foreach (var link in document.Descendants<LinkInline>().ToList())
        {
            Turn(link);
        }

        return new ManualSheet((MarkupString)document.ToHtml(Pipeline));
    }

    private static void Name(TableRow row)
    {
        if (row.FirstOrDefault()?.Descendants<CodeInline>().FirstOrDefault() is { } code)
        {
            row.GetAttributes().Id = code.Content;
        }
    }

    // Links to other sheets lead to their pages. Files that are no sheets, and pictures, are not in this assembly: their text stays, without a link.
    private static void Turn(LinkInline link)
    {
        var (file, mark) = (link.Url ?? "").Split('#', 2) is [var first, .. var rest] ? (first, rest) : ("", []);
        if (link.IsImage || (file.Length > 0 && !file.Contains("://", StringComparison.Ordinal) && !IsSheet(file)))
        {
            link.ReplaceBy(new EmphasisInline { DelimiterChar = '*', DelimiterCount = 1 }, copyChildren: true);
        }
        else if (IsSheet(file))
        {
            link.Url = AddressOf(file[..^Suffix.Length], mark.FirstOrDefault());
        }
    }

    private static bool IsSheet(string file) =>
        file.EndsWith(Suffix, StringComparison.Ordinal) && Names.Contains(file[..^Suffix.Length]);
}
