using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Tracks.Differences;

/// <summary>What people call the steps of a definition, faulty or not, and what is said of them.</summary>
public sealed partial class StepLabels
{
    private readonly FrozenDictionary<string, DrawnStep> _byId;
    private readonly ILookup<string, DrawnStep> _byName;

    private StepLabels(IReadOnlyCollection<DrawnStep> steps) =>
        (_byId, _byName) = (
            steps.ToFrozenDictionary(step => step.Id, StringComparer.Ordinal),
            steps.ToLookup(step => step.Name, StringComparer.Ordinal)
        );

    /// <summary>Those of a definition.</summary>
    public static StepLabels Of(string definition)
    {
        using var document = JsonDocument.Parse(definition);
        return new StepLabels(new DrawnTrack(document.RootElement).Steps.Values);
    }

    /// <summary>What a step is called; null if there is none of that id.</summary>
    public string? LabelOf(string? id) => id is null ? null : _byId.GetValueOrDefault(id)?.Label;

    /// <summary>The id of the step that a fault is about; null if it is about the track.</summary>
    public string? StepOf(Diagnostic fault) => Find(fault)?.Id;

    /// <summary>The fault's sentence, which calls an input by the name that people see.</summary>
    public string SentenceOf(Diagnostic fault, CultureInfo culture) =>
        fault.In(culture, fault.Subject is { } name ? Find(fault)?.InputOf(name)?.DisplayName.In(culture) : null);

    private DrawnStep? Find(Diagnostic fault) =>
        StepName().Match(fault.Place) is { Success: true } match
            ? _byName[match.Groups["name"].Value].FirstOrDefault()
            : null;

    [GeneratedRegex("^step '(?<name>.*)'$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex StepName();
}
