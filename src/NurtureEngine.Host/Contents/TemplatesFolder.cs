using System.Collections.Immutable;
using System.Text;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Host.Contents;

/// <summary>Reads contents from a folder: <c>&lt;key&gt;/content.yaml</c>, <c>body.&lt;lang&gt;.html</c> and, where written by hand, <c>body.&lt;lang&gt;.txt</c>.</summary>
internal static class TemplatesFolder
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The contents that are whole, and the faults of those that are not; one faulty content keeps no other out.</summary>
    public static async Task<(ImmutableArray<ContentSource> Contents, ImmutableArray<Diagnostic> Faults)> ReadAsync(
        string folder,
        CancellationToken cancellationToken
    )
    {
        var contents = ImmutableArray.CreateBuilder<ContentSource>();
        var faults = new List<Diagnostic>();
        if (!Directory.Exists(folder))
        {
            faults.Add(
                new Diagnostic(
                    folder,
                    "The templates folder does not exist; make it, or correct Nurture__TemplatesFolder."
                )
            );
            return ([], [.. faults]);
        }

        var partials = await ReadPartialsAsync(Path.Combine(folder, "_partials"), faults, cancellationToken);
        foreach (
            var path in Directory
                .EnumerateDirectories(folder)
                .Where(path => !Path.GetFileName(path).StartsWith('_'))
                .Order(StringComparer.Ordinal)
        )
        {
            var found = new List<Diagnostic>();
            if (await ReadOneAsync(path, found, cancellationToken) is { } source && found.Count == 0)
            {
                source = source with { Partials = Included(source, partials) };
                Content.TryCompile(source, out var templateFaults);
                found.AddRange(templateFaults);
                if (found.Count == 0)
                {
                    contents.Add(source);
                }
            }

            faults.AddRange(found);
        }

        return (contents.ToImmutable(), [.. faults]);
    }

    private static async Task<ImmutableSortedDictionary<string, string>> ReadPartialsAsync(
        string folder,
        List<Diagnostic> faults,
        CancellationToken cancellationToken
    )
    {
        var partials = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
        {
            partials[Path.GetFileName(file)] = await ReadBodyAsync(
                file,
                $"_partials/{Path.GetFileName(file)}",
                faults,
                cancellationToken
            );
        }

        return partials.ToImmutable();
    }

    // Only what a content includes, over others too, is part of it: a change elsewhere makes no new version.
    private static ImmutableSortedDictionary<string, string> Included(
        ContentSource source,
        ImmutableSortedDictionary<string, string> partials
    )
    {
        var included = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var open = new Queue<string>(
            source.Languages.Values.SelectMany(texts =>
                new[] { texts.Subject, texts.Preheader, texts.Html, texts.Text ?? "" }
            )
        );
        while (open.TryDequeue(out var text))
        {
            foreach (var name in (Template.TryParse(text, out _)?.Includes ?? []).Select(include => include.Path))
            {
                if (partials.TryGetValue(name, out var partial) && included.TryAdd(name, partial))
                {
                    open.Enqueue(partial);
                }
            }
        }

        return included.ToImmutable();
    }

    private static async Task<ContentSource?> ReadOneAsync(
        string path,
        List<Diagnostic> faults,
        CancellationToken cancellationToken
    )
    {
        var key = Path.GetFileName(path);
        var file = Path.Combine(path, "content.yaml");
        var place = $"{key}/content.yaml";
        if (!File.Exists(file))
        {
            faults.Add(new Diagnostic(place, "The file is missing; a content needs it."));
            return null;
        }

        if (
            ContentYaml.Read(await ReadBodyAsync(file, place, faults, cancellationToken), place, faults) is not { } yaml
        )
        {
            return null;
        }

        var languages = ImmutableSortedDictionary.CreateBuilder<string, EmailSource>(StringComparer.Ordinal);
        foreach (
            var language in yaml
                .Subject.Keys.Union(yaml.Preheader.Keys)
                .Union(BodyLanguages(path))
                .Order(StringComparer.Ordinal)
        )
        {
            if (await ReadLanguageAsync(path, key, language, yaml, faults, cancellationToken) is { } source)
            {
                languages[language] = source;
            }
        }

        if (languages.Count == 0 && faults.Count == 0)
        {
            faults.Add(
                new Diagnostic(
                    place,
                    "There is no language; expected 'subject' and 'preheader' per language, such as en, and body.en.html."
                )
            );
        }

        return new ContentSource
        {
            Key = key,
            Channel = yaml.Channel ?? "",
            Purpose = yaml.Purpose ?? "",
            Pool = string.IsNullOrWhiteSpace(yaml.Pool) ? null : yaml.Pool.Trim(),
            PoolPriority = yaml.PoolPriority,
            Metadata = yaml.Metadata,
            Languages = languages.ToImmutable(),
        };
    }

    private static async Task<EmailSource?> ReadLanguageAsync(
        string path,
        string key,
        string language,
        ContentYaml yaml,
        List<Diagnostic> faults,
        CancellationToken cancellationToken
    )
    {
        var html = Path.Combine(path, $"body.{language}.html");
        var text = Path.Combine(path, $"body.{language}.txt");
        if (!IsLanguage(language))
        {
            faults.Add(
                new Diagnostic(
                    $"{key}/content.yaml",
                    $"'{language}' is no language tag; expected one such as en or zh-CN."
                )
            );
        }

        foreach (var (name, values) in new[] { ("subject", yaml.Subject), ("preheader", yaml.Preheader) })
        {
            if (string.IsNullOrWhiteSpace(values.GetValueOrDefault(language)))
            {
                faults.Add(new Diagnostic($"{key}/content.yaml", $"'{name}' lacks the language '{language}'."));
            }
        }

        if (!File.Exists(html))
        {
            faults.Add(
                new Diagnostic(
                    $"{key}/body.{language}.html",
                    "The file is missing; each language of content.yaml needs one."
                )
            );
            return null;
        }

        return new EmailSource(
            yaml.Subject.GetValueOrDefault(language) ?? "",
            yaml.Preheader.GetValueOrDefault(language) ?? "",
            await ReadBodyAsync(html, $"{key}/body.{language}.html", faults, cancellationToken),
            File.Exists(text)
                ? await ReadBodyAsync(text, $"{key}/body.{language}.txt", faults, cancellationToken)
                : null
        );
    }

    private static async Task<string> ReadBodyAsync(
        string path,
        string place,
        List<Diagnostic> faults,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var body = await File.ReadAllTextAsync(path, Utf8, cancellationToken);
            if (string.IsNullOrWhiteSpace(body))
            {
                faults.Add(new Diagnostic(place, "The file is empty; expected the text of the message."));
            }

            return body;
        }
        catch (DecoderFallbackException)
        {
            faults.Add(new Diagnostic(place, "The file is no UTF-8; save it as UTF-8."));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            faults.Add(new Diagnostic(place, $"The file can't be read: {exception.Message}"));
        }

        return "";
    }

    private static IEnumerable<string> BodyLanguages(string path) =>
        Directory
            .EnumerateFiles(path, "body.*.html")
            .Select(file => Path.GetFileNameWithoutExtension(file)["body.".Length..]);

    private static bool IsLanguage(string tag)
    {
        try
        {
            return tag.Length > 1
                && System.Globalization.CultureInfo.GetCultureInfo(tag, predefinedOnly: true) is not null;
        }
        catch (System.Globalization.CultureNotFoundException)
        {
            return false;
        }
    }
}
