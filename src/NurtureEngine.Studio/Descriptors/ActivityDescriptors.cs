using System.Globalization;
using System.Text.Json;
using NurtureEngine.Core;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Elsa;

namespace NurtureEngine.Studio.Descriptors;

/// <summary>Describes the activities to Elsa Studio (ELSA-STUDIO-API: activity descriptors), from <see cref="ActivityType" />.</summary>
internal sealed class ActivityDescriptors(ILookup<InputOffer, DesignerChoice> choices, CultureInfo culture)
{
    /// <summary>The input that holds the names of ports which follow from other inputs. It exists in answers to the designer only and is never stored.</summary>
    public const string PortsInput = "portNames";

    /// <summary>Elsa's own stand-in for an activity whose type is not known; Studio has an icon for it.</summary>
    public const string Placeholder = "Elsa.NotFoundActivity";

    /// <summary>All activities, and the stand-in.</summary>
    public IReadOnlyList<ActivityDescriptor> All =>
        [.. ActivityTypes.All.Values.OrderBy(type => type.TypeName, StringComparer.Ordinal).Select(Of), Unknown];

    /// <summary>Whether the ports of an activity follow from inputs other than a list of their names.</summary>
    public static bool HasOwnPorts(ActivityType type) =>
        type.HasMorePorts && !type.Inputs.Any(input => input.Shape is InputShape.Ports or InputShape.Cases);

    private ActivityDescriptor Unknown =>
        new()
        {
            TypeName = Placeholder,
            Namespace = "Elsa",
            Name = "NotFoundActivity",
            Category = CategoryNames.In(ActivityCategory.Flow, culture),
            DisplayName = In(new LocalisedText("Unknown step", "未知步骤")),
            Description = In(new LocalisedText("This program can't run it.", "本程序无法运行此步骤。")),
            Inputs = [OwnPorts([])],
            IsBrowsable = false,
        };

    private ActivityDescriptor Of(ActivityType type)
    {
        var parts = type.TypeName.Split('.', 2);
        var isContainer = type == Flowchart.Type || type == Sequence.Type;
        var inputs = type.Inputs.Select((input, index) => InputOf(type, input, index));
        return new ActivityDescriptor
        {
            TypeName = type.TypeName,
            Namespace = parts[0],
            Name = parts[1],
            Category = CategoryNames.In(type.Category, culture),
            DisplayName = In(type.DisplayName),
            Description = In(type.Help),
            Kind = type.IsTrigger ? "Trigger" : "Action",
            Inputs = [.. HasOwnPorts(type) ? inputs.Append(OwnPorts(type.Ports)) : inputs],
            Ports = [.. type.Ports.Select(port => new PortDescriptor(port, PortNames.In(port, culture)))],
            CustomProperties = type == Flowchart.Type ? new() { ["RootType"] = "Flowchart" } : [],
            ConstructionProperties = Presets(type).ToDictionary(preset => preset.Name, preset => preset.Value),
            IsContainer = isContainer,
            IsBrowsable = !isContainer,
            IsStart = type.IsTrigger || type == Start.Type,
            IsTerminal = type.Ports.IsEmpty && !type.HasMorePorts,
        };
    }

    private InputDescriptor InputOf(ActivityType type, ActivityInput input, int order)
    {
        var offered = Offered(input).ToList();
        var hint = HintOf(input, offered.Count > 0);
        return new InputDescriptor
        {
            Name = Capital(input.Name),
            DisplayName = In(input.DisplayName),
            Description = In(input.Help),
            Order = order,
            TypeName = input.Shape is InputShape.Line or InputShape.Paragraph ? "String" : "Object",
            UiHint = hint,
            DefaultValue = input.Words.IsEmpty ? null : input.Words[0].Value,
            UiSpecifications =
                input.Shape == InputShape.Ports ? Fixed(type.Ports)
                : hint == "dropdown" ? Dropdown(offered)
                : null,
        };
    }

    private static string HintOf(ActivityInput input, bool hasOffer) =>
        input.Shape switch
        {
            InputShape.Paragraph => "multiline",
            InputShape.List => "multitext",
            InputShape.Ports => "dynamic-outcomes",
            InputShape.Cases => "flow-switch-editor",
            InputShape.Variable => "variable-picker",
            _ => hasOffer ? "dropdown" : "singleline",
        };

    private IEnumerable<DesignerChoice> Offered(ActivityInput input) =>
        input
            .Words.Select(word => new DesignerChoice(word.Value, In(word.DisplayName)))
            .Concat(choices[input.Offer].Where(choice => choice.Channel == input.Channel));

    private InputDescriptor OwnPorts(IEnumerable<string> ports) =>
        new()
        {
            Name = Capital(PortsInput),
            DisplayName = In(new LocalisedText("Ways out", "出口")),
            Description = In(
                new LocalisedText("They follow from the other settings of the step.", "由该步骤的其他设置决定。")
            ),
            Order = 99,
            TypeName = "Object",
            UiHint = "dynamic-outcomes",
            IsReadOnly = true,
            UiSpecifications = Fixed(ports),
        };

    // What a step has that was just drawn, so that its ways out are there from the beginning.
    private IEnumerable<(string Name, object Value)> Presets(ActivityType type)
    {
        foreach (var input in type.Inputs.Where(input => !input.Preset.IsEmpty))
        {
            yield return (input.Name, Wrapped(input.Preset));
        }

        if (HasOwnPorts(type))
        {
            var preset = type.Inputs.SelectMany(input => input.Preset).Select(arm => arm.Split(':')[0]).ToList();
            yield return (
                PortsInput,
                Wrapped(preset.Count > 0 ? preset : choices[InputOffer.Stages].Select(s => s.Value))
            );
        }
    }

    private static object Wrapped(IEnumerable<string> texts) =>
        new { typeName = "Object", expression = new { type = "Object", value = JsonSerializer.Serialize(texts) } };

    private static Dictionary<string, object> Dropdown(IEnumerable<DesignerChoice> offered) =>
        new()
        {
            ["dropdown"] = new
            {
                selectList = new
                {
                    items = offered.Select(choice => new { text = choice.Text, value = choice.Value }),
                    isFlagsEnum = false,
                    sortItems = true,
                },
            },
        };

    private static Dictionary<string, object> Fixed(IEnumerable<string> ports) =>
        new() { ["DynamicOutcomesOptions"] = new { fixedOutcomes = ports } };

    // Studio converts the name to camelCase in definitions.
    private static string Capital(string name) => $"{char.ToUpperInvariant(name[0])}{name[1..]}";

    private string In(LocalisedText text) => text.In(culture);
}
