using System.Text.Json;
using NurtureEngine.Core.Tracks.Activities;

namespace NurtureEngine.Core.Tracks.Differences;

/// <summary>A step as it is drawn.</summary>
internal sealed class DrawnStep
{
    private readonly Dictionary<string, string> _inputs;
    private readonly string _journey;
    private readonly ActivityType? _type;
    private readonly string _typeName;

    public DrawnStep(JsonElement activity)
    {
        Id = DrawnTrack.Text(activity, "id");
        Name = DrawnTrack.Text(activity, "name") is { Length: > 0 } name ? name : Id;
        var label = DrawnTrack.Text(DrawnTrack.Member(activity, "metadata"), "displayText");
        Label = label.Length > 0 ? label : Name;
        _typeName = DrawnTrack.Text(activity, "type");
        _type = ActivityTypes.All.GetValueOrDefault(_typeName);
        _inputs = (_type?.Inputs ?? []).ToDictionary(
            input => input.Name,
            input => ValueOf(DrawnTrack.Member(activity, input.Name))
        );
        var own = DrawnTrack.Member(DrawnTrack.Member(activity, "customProperties"), "nurture");
        _journey = DrawnTrack.Member(own, "journey") is { } journey ? DrawnTrack.Shown(journey) : "";
    }

    public string Id { get; }

    /// <summary>Its name in the definition, its id where it has none; faults call it so.</summary>
    public string Name { get; }

    /// <summary>What people call it.</summary>
    public string Label { get; }

    public LocalisedText Type => _type?.DisplayName ?? new LocalisedText(_typeName, _typeName);

    /// <summary>The input of a name; null if its type has none.</summary>
    public ActivityInput? InputOf(string name) => _type?.Inputs.FirstOrDefault(input => input.Name == name);

    public static IEnumerable<LocalisedText> Between(DrawnStep old, DrawnStep now, string? next)
    {
        if (old.Label != now.Label)
        {
            yield return new($"“{old.Label}” is called “{now.Label}”.", $"“{old.Label}”改名为“{now.Label}”。");
        }

        if (old._typeName != now._typeName)
        {
            yield return new(
                $"“{now.Label}” is a step of another kind: {now.Type.English} instead of {old.Type.English}.",
                $"“{now.Label}”的类型由{old.Type.Chinese}改为{now.Type.Chinese}。"
            );
            yield break;
        }

        foreach (var input in now._type?.Inputs ?? [])
        {
            var (was, @is) = (old._inputs[input.Name], now._inputs[input.Name]);
            if (was != @is)
            {
                yield return Changed(now, input, was, @is, next);
            }
        }

        if (old._journey != now._journey)
        {
            yield return new($"The journey sentence of “{now.Label}” has changed.", $"“{now.Label}”的旅程语句已修改。");
        }
    }

    private static LocalisedText Changed(DrawnStep step, ActivityInput input, string was, string @is, string? next)
    {
        var (before, after) = (DifferenceWords.Duration(was), DifferenceWords.Duration(@is));
        if (step._typeName == "Elsa.Delay" && before is not null && after is not null)
        {
            return new(
                $"Waits {after.English} instead of {before.English}{(next is null ? "" : $" before “{next}”")}.",
                $"{(next is null ? "" : $"在“{next}”之前")}等待{after.Chinese}，原为{before.Chinese}。"
            );
        }

        return DifferenceWords.Changed(
            new LocalisedText(
                $"“{step.Label}”, {input.DisplayName.English}",
                $"“{step.Label}”的{input.DisplayName.Chinese}"
            ),
            was,
            @is
        );
    }

    private static string ValueOf(JsonElement? input) =>
        DrawnTrack.Member(input, "expression") is { } expression
            ? DrawnTrack.Member(expression, "value") is { } value
                ? DrawnTrack.Shown(value)
                : ""
            : input is { } bare
                ? DrawnTrack.Shown(bare)
                : "";
}
