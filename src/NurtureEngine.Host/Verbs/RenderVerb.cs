using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Host.Verbs;

/// <summary><c>render</c>: renders a template file against a JSON model and prints the text, and nothing else.</summary>
internal static class RenderVerb
{
    public static Command Make()
    {
        var file = new Argument<FileInfo>("file") { Description = "The template." };
        var model = new Option<FileInfo?>("--model")
        {
            Description = "A JSON object whose members the template reads.",
        };
        var html = new Option<bool>("--html") { Description = "Escape values as in an HTML body." };
        var culture = new Option<string>("--culture")
        {
            Description = "How dates and numbers read, such as en or zh-CN.",
            DefaultValueFactory = _ => "en",
        };
        var command = new Command(
            "render",
            "Render a template and print the text. Partials are looked for in _partials, beside the file or a folder above."
        )
        {
            file,
            model,
            html,
            culture,
        };
        command.SetAction(
            async (result, cancellationToken) =>
            {
                var path = result.GetRequiredValue(file);
                var (template, partials) = await ReadAsync(path, cancellationToken);
                var rendered = template.Render(
                    await ModelAsync(result.GetValue(model), cancellationToken),
                    result.GetValue(html) ? OutputKind.Html : OutputKind.Text,
                    CultureOf(result.GetRequiredValue(culture)),
                    partials
                );
                var fault = rendered switch
                {
                    RenderResult.Missing missing => missing.Fault,
                    RenderResult.Exceeded exceeded => exceeded.Fault,
                    RenderResult.Failed failed => failed.Fault,
                    _ => null,
                };
                await Console.Out.WriteAsync((rendered as RenderResult.Rendered)?.Text);
                await Console.Error.WriteAsync(fault is null ? "" : fault.In(path.ToString()) + Environment.NewLine);
                return fault is null ? 0 : 1;
            }
        );
        return command;
    }

    private static async Task<(Template Template, IPartials Partials)> ReadAsync(
        FileInfo file,
        CancellationToken cancellationToken
    )
    {
        if (!file.Exists)
        {
            throw new UsageException($"There is no file {file}.");
        }

        var faults = new List<string>();
        var template = await ParseAsync(file.FullName, file.ToString(), faults, cancellationToken);
        var templates = ImmutableSortedDictionary.CreateBuilder<string, Template>(StringComparer.Ordinal);
        foreach (var partial in PartialsNear(file))
        {
            if (await ParseAsync(partial, partial, faults, cancellationToken) is { } parsed)
            {
                templates.TryAdd(Path.GetFileName(partial), parsed);
            }
        }

        var partials = new Partials(templates.ToImmutable());
        faults.AddRange(template is null ? [] : partials.Check(template).Select(fault => fault.In(file.ToString())));
        return faults.Count == 0
            ? (template!, partials)
            : throw new InvalidDataException(string.Join(Environment.NewLine, faults));
    }

    private static IEnumerable<string> PartialsNear(FileInfo file) =>
        new[] { file.Directory, file.Directory?.Parent }
            .Select(folder => Path.Combine(folder?.FullName ?? "", "_partials"))
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFiles);

    private static async Task<Template?> ParseAsync(
        string path,
        string shown,
        List<string> faults,
        CancellationToken cancellationToken
    )
    {
        var template = Template.TryParse(await File.ReadAllTextAsync(path, cancellationToken), out var found);
        faults.AddRange(found.Select(fault => fault.In(shown)));
        return template;
    }

    private static async Task<IModel> ModelAsync(FileInfo? file, CancellationToken cancellationToken)
    {
        try
        {
            return JsonModel.Parse(file is null ? "{}" : await File.ReadAllTextAsync(file.FullName, cancellationToken));
        }
        catch (JsonException exception)
        {
            throw new UsageException($"{file}: {exception.Message}");
        }
    }

    private static CultureInfo CultureOf(string name)
    {
        try
        {
            return CultureInfo.GetCultureInfo(name, predefinedOnly: true);
        }
        catch (CultureNotFoundException)
        {
            throw new UsageException($"'{name}' is no culture; expected one such as en or zh-CN.");
        }
    }
}
