using System.Globalization;
using NurtureEngine.Core;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Elsa;

namespace NurtureEngine.Studio.Descriptors;

/// <summary>Describes the activities to Elsa Studio (ELSA-STUDIO-API: activity descriptors), from <see cref="ActivityType" />.</summary>
internal static class ActivityDescriptors
{
    /// <summary>The input that holds the names of ports which follow from other inputs. It exists in answers to the designer only and is never stored.</summary>
    public const string PortsInput = "portNames";

    /// <summary>Elsa's own stand-in for an activity whose type is not known; Studio has an icon for it.</summary>
    public const string Placeholder = "Elsa.NotFoundActivity";

    /// <summary>All activities, with their names in a language.</summary>
    public static IReadOnlyList<ActivityDescriptor> All(CultureInfo culture) =>
        [
            .. ActivityTypes
                .All.Values.OrderBy(type => type.TypeName, StringComparer.Ordinal)
                .Select(type => Of(type, culture)),
            Unknown(culture),
        ];

    /// <summary>Whether the ports of an activity follow from inputs other than a list of their names.</summary>
    public static bool HasOwnPorts(ActivityType type) =>
        type.HasMorePorts && !type.Inputs.Any(input => input.Shape is InputShape.Ports or InputShape.Cases);

    private static ActivityDescriptor Of(ActivityType type, CultureInfo culture)
    {
        var parts = type.TypeName.Split('.', 2);
        var isContainer = type == Flowchart.Type || type == Sequence.Type;
        var inputs = type.Inputs.Select(input => InputOf(type, input, culture));
        return new ActivityDescriptor
        {
            TypeName = type.TypeName,
            Namespace = parts[0],
            Name = parts[1],
            Category = NameOf(type.Category, culture),
            DisplayName = In(type.DisplayName, culture),
            Kind = type.IsTrigger ? "Trigger" : "Action",
            Inputs = [.. HasOwnPorts(type) ? inputs.Append(OwnPorts(type.Ports, culture)) : inputs],
            Ports = [.. type.Ports.Select(port => new PortDescriptor(port, PortNames.In(port, culture)))],
            CustomProperties = type == Flowchart.Type ? new() { ["RootType"] = "Flowchart" } : [],
            IsContainer = isContainer,
            IsBrowsable = !isContainer,
            IsStart = type.IsTrigger || type == Start.Type,
            IsTerminal = type.Ports.IsEmpty && !type.HasMorePorts,
        };
    }

    private static ActivityDescriptor Unknown(CultureInfo culture) =>
        new()
        {
            TypeName = Placeholder,
            Namespace = "Elsa",
            Name = "NotFoundActivity",
            Category = NameOf(ActivityCategory.Flow, culture),
            DisplayName = In(new LocalisedText("Unknown step", "未知步骤"), culture),
            Inputs = [OwnPorts([], culture)],
            IsBrowsable = false,
        };

    private static InputDescriptor InputOf(ActivityType type, ActivityInput input, CultureInfo culture) =>
        new()
        {
            // Studio converts the name to camelCase in definitions.
            Name = $"{char.ToUpperInvariant(input.Name[0])}{input.Name[1..]}",
            DisplayName = In(input.DisplayName, culture),
            TypeName = input.Shape is InputShape.Line or InputShape.Paragraph ? "String" : "Object",
            UiHint = input.Shape switch
            {
                InputShape.Paragraph => "multiline",
                InputShape.List => "multitext",
                InputShape.Ports => "dynamic-outcomes",
                InputShape.Cases => "flow-switch-editor",
                _ => "singleline",
            },
            UiSpecifications = input.Shape == InputShape.Ports ? Fixed(type.Ports) : null,
        };

    private static InputDescriptor OwnPorts(IEnumerable<string> ports, CultureInfo culture) =>
        new()
        {
            Name = $"{char.ToUpperInvariant(PortsInput[0])}{PortsInput[1..]}",
            DisplayName = In(new LocalisedText("Ways out", "出口"), culture),
            TypeName = "Object",
            UiHint = "dynamic-outcomes",
            IsReadOnly = true,
            UiSpecifications = Fixed(ports),
        };

    private static Dictionary<string, object> Fixed(IEnumerable<string> ports) =>
        new() { ["DynamicOutcomesOptions"] = new { fixedOutcomes = ports } };

    private static string NameOf(ActivityCategory category, CultureInfo culture) =>
        In(
            category switch
            {
                ActivityCategory.Triggers => new LocalisedText("Triggers", "触发器"),
                ActivityCategory.Messages => new LocalisedText("Messages", "消息"),
                ActivityCategory.Waits => new LocalisedText("Waits", "等待"),
                ActivityCategory.Branches => new LocalisedText("Branches", "分支"),
                ActivityCategory.Lead => new LocalisedText("Lead", "线索"),
                ActivityCategory.Sales => new LocalisedText("Sales", "销售"),
                _ => new LocalisedText("Flow", "流程"),
            },
            culture
        );

    private static string In(LocalisedText text, CultureInfo culture) =>
        culture.TwoLetterISOLanguageName == "zh" ? text.Chinese : text.English;
}
