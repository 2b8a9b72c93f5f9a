using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace NurtureEngine.Host.Contents;

/// <summary>A <c>content.yaml</c>: what a content is for, its subjects and preheaders.</summary>
internal sealed partial class ContentYaml
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder()
        .WithNamingConvention(CamelCaseNamingConvention.Instance)
        .WithDuplicateKeyChecking()
        .Build();

    public string? Channel { get; set; }
    public string? Purpose { get; set; }
    public string? Pool { get; set; }
    public int? PoolPriority { get; set; }
    public string? Cognition { get; set; }
    public string? Depth { get; set; }
    public string? Format { get; set; }
    public string? CaseKind { get; set; }
    public string? CallToAction { get; set; }

    // A name without a value, such as 'subject:', is null to YAML.
    [AllowNull]
    public List<string> Stages
    {
        get;
        set => field = value ?? [];
    } = [];

    [AllowNull]
    public List<string> Roles
    {
        get;
        set => field = value ?? [];
    } = [];

    [AllowNull]
    public Dictionary<string, string?> Subject
    {
        get;
        set => field = value ?? [];
    } = [];

    [AllowNull]
    public Dictionary<string, string?> Preheader
    {
        get;
        set => field = value ?? [];
    } = [];

    /// <summary>What it is for; null where nothing is said.</summary>
    [YamlIgnore]
    public ContentMetadata? Metadata =>
        Stages.Count == 0 && Roles.Count == 0 && (Cognition ?? Depth ?? Format ?? CaseKind ?? CallToAction) is null
            ? null
            : new ContentMetadata
            {
                Stages = [.. Stages.OfType<string>()],
                Cognition = Cognition,
                Roles = [.. Roles.OfType<string>()],
                Depth = Depth,
                Format = Format,
                CaseKind = CaseKind,
                CallToAction = CallToAction,
            };

    /// <summary>What the text says, with its faults; null where it can't be read at all.</summary>
    public static ContentYaml? Read(string text, string place, List<Diagnostic> faults)
    {
        try
        {
            var yaml = Yaml.Deserialize<ContentYaml?>(text) ?? new ContentYaml();
            yaml.Check(place, faults);
            return yaml;
        }
        catch (YamlException exception)
        {
            faults.Add(new Diagnostic($"{place}:{exception.Start.Line}:{exception.Start.Column}", Sentence(exception)));
            return null;
        }
    }

    private void Check(string place, List<Diagnostic> faults)
    {
        Required("channel", Channel, "email");
        Required("purpose", Purpose, "marketing", "service");
        Known("cognition", Cognition, Core.Rulebooks.Cognition.All);
        Known("depth", Depth, ContentMetadata.Depths);
        Known("format", Format, ContentMetadata.Formats);
        Known("caseKind", CaseKind, ContentMetadata.CaseKinds);
        Known("callToAction", CallToAction, ContentMetadata.CallsToAction);
        foreach (var role in Roles)
        {
            Known("roles", role, BuyerRole.All);
        }

        if (PoolPriority is < 0 or > 100)
        {
            faults.Add(new Diagnostic(place, $"'poolPriority' is {PoolPriority}; expected 0 to 100."));
        }

        void Required(string name, string? value, params string[] choices)
        {
            if (value is null)
            {
                faults.Add(new Diagnostic(place, $"'{name}' is missing; expected {string.Join(" or ", choices)}."));
            }

            Known(name, value, [.. choices]);
        }

        void Known(string name, string? value, ImmutableArray<string> choices)
        {
            if (value is not null && !choices.Contains(value))
            {
                faults.Add(
                    new Diagnostic(place, $"'{name}' '{value}' is not known; expected {string.Join(" or ", choices)}.")
                );
            }
        }
    }

    // The parser speaks of .NET types; an author thinks of names.
    private static string Sentence(YamlException exception) =>
        UnknownName().Match(exception.Message) is { Success: true } match
            ? $"'{match.Groups[1].Value}' is not known here; expected channel, purpose, pool, poolPriority, stages, cognition, roles, depth, format, caseKind, callToAction, subject or preheader."
        : WrongKind().IsMatch(exception.Message + exception.InnerException?.Message)
            ? "The value has another form than expected: 'stages' and 'roles' are lists, such as '[RL, MQL]'; 'subject' and 'preheader' have one text per language, such as 'en: Welcome'; everything else is a word."
        : exception.InnerException?.Message ?? exception.Message;

    [GeneratedRegex(
        "No node deserializer|Invalid cast|Expected 'MappingStart'|Expected 'Scalar'|Expected 'SequenceStart'"
    )]
    private static partial Regex WrongKind();

    [GeneratedRegex("Property '([^']*)' not found on type")]
    private static partial Regex UnknownName();
}
