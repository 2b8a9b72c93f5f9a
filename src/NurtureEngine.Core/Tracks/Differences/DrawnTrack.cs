using System.Text.Json;

namespace NurtureEngine.Core.Tracks.Differences;

/// <summary>A definition as it is drawn, faulty or not: its settings, steps and lines.</summary>
internal sealed class DrawnTrack
{
    public DrawnTrack(JsonElement definition)
    {
        Name = Text(definition, "name");
        Description = Text(definition, "description");
        Settings = Member(Member(definition, "customProperties"), "nurture")
            is { ValueKind: JsonValueKind.Object } nurture
            ? nurture.EnumerateObject().ToDictionary(setting => setting.Name, setting => Shown(setting.Value))
            : [];
        Variables =
        [
            .. Items(definition, "variables").Select(variable => Text(variable, "name")).Where(name => name.Length > 0),
        ];
        Add(Member(definition, "root"));
    }

    public string Name { get; }
    public string Description { get; }
    public Dictionary<string, string> Settings { get; }
    public HashSet<string> Variables { get; }
    public Dictionary<string, DrawnStep> Steps { get; } = [];
    public List<(string From, string Port, string To)> Lines { get; } = [];

    public HashSet<string> TargetsOf(string from, string port) =>
        Lines.Where(line => line.From == from && line.Port == port).Select(line => line.To).ToHashSet();

    /// <summary>The label of the one step that follows; null for none or several.</summary>
    public string? NextOf(string step) =>
        Lines.Where(line => line.From == step).Select(line => line.To).Distinct().ToList() is [var next]
            ? Steps.GetValueOrDefault(next)?.Label
            : null;

    internal static JsonElement? Member(JsonElement? some, string name) =>
        some is { ValueKind: JsonValueKind.Object } shape && shape.TryGetProperty(name, out var value) ? value : null;

    internal static string Text(JsonElement? some, string name) =>
        Member(some, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    internal static IEnumerable<JsonElement> Items(JsonElement? some, string name) =>
        Member(some, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    internal static string Shown(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Shown)),
            JsonValueKind.Object => string.Join(
                ", ",
                value.EnumerateObject().Select(member => $"{member.Name} {Shown(member.Value)}")
            ),
            JsonValueKind.Null => "",
            _ => value.GetRawText(),
        };

    private void Add(JsonElement? container)
    {
        foreach (var line in Items(container, "connections"))
        {
            var (source, target) = (Member(line, "source"), Member(line, "target"));
            var port = Text(source, "port");
            Lines.Add((Text(source, "activity"), port.Length > 0 ? port : "Done", Text(target, "activity")));
        }

        if (container is not { ValueKind: JsonValueKind.Object } shape)
        {
            return;
        }

        var children = shape
            .EnumerateObject()
            .SelectMany(member =>
                member.Value.ValueKind switch
                {
                    JsonValueKind.Array when member.Name == "activities" => member.Value.EnumerateArray(),
                    JsonValueKind.Object => Enumerable.Repeat(member.Value, 1),
                    _ => [],
                }
            )
            .Where(child => Text(child, "id").Length > 0 && Text(child, "type").Length > 0);
        foreach (var child in children)
        {
            Steps[Text(child, "id")] = new DrawnStep(child);
            Add(child);
        }
    }
}
