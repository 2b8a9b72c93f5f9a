using System.Collections.Frozen;
using System.Globalization;

namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>The names of ports for people; in definitions they stay as they are.</summary>
public static class PortNames
{
    private static readonly FrozenDictionary<string, LocalisedText> Known = new Dictionary<string, LocalisedText>
    {
        ["Done"] = new("Done", "完成"),
        ["Sent"] = new("Sent", "已发送"),
        ["Exhausted"] = new("Exhausted", "已用尽"),
        ["Engaged"] = new("Engaged", "有互动"),
        ["TimedOut"] = new("Timed out", "超时"),
        ["Replied"] = new("Replied", "已回复"),
        ["Happened"] = new("Happened", "已发生"),
        ["Accepted"] = new("Accepted", "已接受"),
        ["Rejected"] = new("Rejected", "已拒绝"),
        ["True"] = new("True", "是"),
        ["False"] = new("False", "否"),
        ["Default"] = new("Default", "默认"),
        ["Other"] = new("Other", "其他"),
        ["Met"] = new("Met", "满足"),
        ["NotMet"] = new("Not met", "不满足"),
        ["Unknown"] = new("Unknown", "未知"),
        ["Small"] = new("Small", "小型"),
        ["Medium"] = new("Medium", "中型"),
        ["Large"] = new("Large", "大型"),
    }.ToFrozenDictionary();

    /// <summary>What people call a port; a name that its author has given stays as it is.</summary>
    public static string In(string port, CultureInfo culture) =>
        Known.TryGetValue(port, out var name) ? name.In(culture) : port;
}
