using System.Globalization;
using NurtureEngine.Core;
using NurtureEngine.Core.Tracks.Activities;

namespace NurtureEngine.Studio.Descriptors;

/// <summary>The names of the groups in which activities are offered.</summary>
internal static class CategoryNames
{
    public static string In(ActivityCategory category, CultureInfo culture)
    {
        var name = category switch
        {
            ActivityCategory.Triggers => new LocalisedText("Triggers", "触发器"),
            ActivityCategory.Messages => new LocalisedText("Messages", "消息"),
            ActivityCategory.Waits => new LocalisedText("Waits", "等待"),
            ActivityCategory.Branches => new LocalisedText("Branches", "分支"),
            ActivityCategory.Lead => new LocalisedText("Lead", "线索"),
            ActivityCategory.Sales => new LocalisedText("Sales", "销售"),
            _ => new LocalisedText("Flow", "流程"),
        };
        return name.In(culture);
    }
}
