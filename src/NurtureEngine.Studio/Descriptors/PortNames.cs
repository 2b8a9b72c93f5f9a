using System.Collections.Frozen;
using System.Globalization;

namespace NurtureEngine.Studio.Descriptors;

/// <summary>The names of ports for people; in definitions they stay as they are.</summary>
internal static class PortNames
{
    private static readonly FrozenDictionary<string, (string English, string Chinese)> Known = new Dictionary<
        string,
        (string, string)
    >
    {
        ["Done"] = ("Done", "完成"),
        ["Sent"] = ("Sent", "已发送"),
        ["Exhausted"] = ("Exhausted", "已用尽"),
        ["Engaged"] = ("Engaged", "有互动"),
        ["TimedOut"] = ("Timed out", "超时"),
        ["Replied"] = ("Replied", "已回复"),
        ["Happened"] = ("Happened", "已发生"),
        ["Accepted"] = ("Accepted", "已接受"),
        ["Rejected"] = ("Rejected", "已拒绝"),
        ["True"] = ("True", "是"),
        ["False"] = ("False", "否"),
        ["Default"] = ("Default", "默认"),
        ["Other"] = ("Other", "其他"),
        ["Met"] = ("Met", "满足"),
        ["NotMet"] = ("Not met", "不满足"),
        ["Unknown"] = ("Unknown", "未知"),
        ["Small"] = ("Small", "小型"),
        ["Medium"] = ("Medium", "中型"),
        ["Large"] = ("Large", "大型"),
    }.ToFrozenDictionary();

    public static string In(string port, CultureInfo culture) =>
        Known.TryGetValue(port, out var names)
            ? culture.TwoLetterISOLanguageName == "zh"
                ? names.Chinese
                : names.English
            : port;
}
