using System.Collections.Immutable;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Contents;

/// <summary>A content whose templates are parsed; immutable, safe to render from many threads.</summary>
public sealed class Content
{
    private readonly ImmutableSortedDictionary<string, EmailTemplates> _languages;

    private Content(
        ContentSource source,
        ImmutableSortedDictionary<string, EmailTemplates> languages,
        Partials partials
    )
    {
        Source = source;
        Partials = partials;
        _languages = languages;
    }

    /// <summary>What the templates include.</summary>
    public Partials Partials { get; }

    public ContentSource Source { get; }

    /// <summary>The content, or null and every fault of its templates, each as <c>file:line:column</c>.</summary>
    public static Content? TryCompile(ContentSource source, out ImmutableArray<Diagnostic> faults)
    {
        var found = new List<Diagnostic>();
        var templates = ImmutableSortedDictionary.CreateBuilder<string, Template>(StringComparer.Ordinal);
        foreach (var (name, text) in source.Partials)
        {
            if (Parse($"_partials/{name}", text, found, isPartial: true) is { } partial)
            {
                templates[name] = partial;
            }
        }

        // One with faults is named once, where they are, and not as missing by everyone who includes it.
        var partials = new Partials(templates.ToImmutable(), known: source.Partials.Keys);
        foreach (var (name, partial) in templates)
        {
            found.AddRange(partials.Check(partial).Select(fault => Place($"_partials/{name}", fault)));
        }

        var languages = source.Languages.ToImmutableSortedDictionary(
            pair => pair.Key,
            pair => Parse(source.Key, pair.Key, pair.Value, partials, found),
            StringComparer.Ordinal
        );
        faults = [.. found];
        return found.Count == 0 ? new Content(source, languages, partials) : null;
    }

    /// <summary>
    /// What a program before schema version 11 rendered differently, each as <c>file:line:column</c>: a version that such a program stored is not
    /// rendered by this one where there is any.
    /// </summary>
    public IEnumerable<Diagnostic> ChangedSince =>
        _languages
            .SelectMany(pair =>
                new[]
                {
                    ($"{Source.Key}/content.yaml:subject.{pair.Key}", pair.Value.Subject),
                    ($"{Source.Key}/content.yaml:preheader.{pair.Key}", pair.Value.Preheader),
                    ($"{Source.Key}/body.{pair.Key}.html", pair.Value.Html),
                    ($"{Source.Key}/body.{pair.Key}.txt", pair.Value.Text),
                }
            )
            .Where(each => each.Item2 is not null)
            .SelectMany(each => each.Item2!.ChangedSince(isPartial: false).Select(fault => Place(each.Item1, fault)))
            .Concat(
                Source.Partials.Keys.SelectMany(name =>
                    Partials
                        .Find(name)!
                        .ChangedSince(isPartial: true)
                        .Select(fault => Place($"_partials/{name}", fault))
                )
            );

    /// <summary>Where its HTML prints values unescaped, as <c>file:line:column</c>: for a person to look at.</summary>
    public IEnumerable<string> RawFilters =>
        _languages
            .SelectMany(pair => Places($"{Source.Key}/body.{pair.Key}.html", pair.Value.Html))
            .Concat(Source.Partials.Keys.SelectMany(name => Places($"_partials/{name}", Partials.Find(name)!)));

    private static IEnumerable<string> Places(string file, Template template) =>
        template.RawFilters.Select(raw => $"{file}:{raw.Line}:{raw.Column}");

    /// <summary>
    /// The templates for a lead's language: the very tag, else the same primary language, else the fallback, else the first.
    /// </summary>
    public (string Language, EmailTemplates Templates) In(string? language, string fallback)
    {
        var tag = Pick(language) ?? Pick(fallback) ?? _languages.Keys.First();
        return (tag, _languages[tag]);
    }

    private string? Pick(string? wanted)
    {
        if (string.IsNullOrEmpty(wanted))
        {
            return null;
        }

        var primary = Primary(wanted);
        return _languages.Keys.FirstOrDefault(tag => string.Equals(tag, wanted, StringComparison.OrdinalIgnoreCase))
            ?? _languages.Keys.FirstOrDefault(tag =>
                string.Equals(Primary(tag), primary, StringComparison.OrdinalIgnoreCase)
            );
    }

    private static string Primary(string tag) => tag.Split('-', '_')[0];

    private static EmailTemplates Parse(
        string key,
        string language,
        EmailSource source,
        Partials partials,
        List<Diagnostic> faults
    )
    {
        return new EmailTemplates(
            One($"{key}/content.yaml:subject.{language}", source.Subject)!,
            One($"{key}/content.yaml:preheader.{language}", source.Preheader)!,
            One($"{key}/body.{language}.html", source.Html)!,
            source.Text is null ? null : One($"{key}/body.{language}.txt", source.Text)
        );

        Template? One(string file, string text)
        {
            var template = Parse(file, text, faults, isPartial: false);
            if (template is not null)
            {
                faults.AddRange(partials.Check(template).Select(fault => Place(file, fault)));
            }

            return template;
        }
    }

    private static Template? Parse(string file, string text, List<Diagnostic> faults, bool isPartial)
    {
        var template = Template.TryParse(text, out var found);
        faults.AddRange(found.Select(fault => Place(file, fault)));
        faults.AddRange(template is null ? [] : KnownFields.Check(file, template, isPartial));
        return template;
    }

    private static Diagnostic Place(string file, TemplateFault fault) =>
        new($"{file}:{fault.Line}:{fault.Column}", fault.Message);
}

/// <summary>The parsed templates of one language; without <paramref name="Text"/> it is derived from the HTML.</summary>
public sealed record EmailTemplates(Template Subject, Template Preheader, Template Html, Template? Text);
