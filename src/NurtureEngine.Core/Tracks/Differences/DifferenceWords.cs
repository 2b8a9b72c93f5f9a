using System.Collections.Frozen;
using System.Globalization;

namespace NurtureEngine.Core.Tracks.Differences;

/// <summary>The sentences that describe differences.</summary>
internal static class DifferenceWords
{
    private static readonly FrozenDictionary<string, LocalisedText> Settings = new Dictionary<string, LocalisedText>
    {
        ["type"] = new("Kind of track", "轨道类型"),
        ["aim"] = new("Aim", "目的"),
        ["lifeCycle"] = new("Life cycle", "生命周期"),
        ["lane"] = new("Exclusive group", "互斥组"),
        ["whenTaken"] = new("When a more urgent track takes the lead", "被更高优先级轨道占用时"),
        ["priority"] = new("Priority", "优先级"),
        ["audience"] = new("Audience", "受众"),
        ["cadence"] = new("Contact policy", "触达规则"),
        ["whenHeld"] = new("When a message may not leave", "不可发送时"),
        ["whenRepeated"] = new("When a content was had before", "内容重复时"),
        ["sender"] = new("Sender", "发件人"),
        ["owner"] = new("Owner", "负责人"),
        ["outcomes"] = new("What counts as a success", "成功的定义"),
        ["timeLimit"] = new("Time limit", "时间上限"),
        ["successor"] = new("Next track", "后续轨道"),
        ["exitStages"] = new("Exit stages", "退出阶段"),
        ["exitWhen"] = new("Exit condition", "退出条件"),
        ["exitOnReply"] = new("Exit on reply", "回复后退出"),
        ["goal"] = new("Goal", "目标"),
        ["reEnrolment"] = new("Re-enrolment", "重新进入"),
        ["atHandoff"] = new("At hand-off", "转交销售时"),
        ["expectedResult"] = new("Expected result", "预期结果"),
        ["expectedRates"] = new("Expected rates", "预期比率"),
    }.ToFrozenDictionary();

    public static LocalisedText Setting(string name) => Settings.GetValueOrDefault(name, new LocalisedText(name, name));

    /// <summary>Whatever it is was one thing and is another; either may be nothing.</summary>
    public static LocalisedText Changed(LocalisedText what, string? was, string? @is)
    {
        var (before, after) = (Value(was), Value(@is));
        return (string.IsNullOrEmpty(was), string.IsNullOrEmpty(@is)) switch
        {
            (true, _) => new($"{what.English}: {after.English}.", $"{what.Chinese}：{after.Chinese}。"),
            (_, true) => new(
                $"{what.English}: nothing any more; it was {before.English}.",
                $"{what.Chinese}：已清除（原为{before.Chinese}）。"
            ),
            _ => new(
                $"{what.English}: {after.English} instead of {before.English}.",
                $"{what.Chinese}：由{before.Chinese}改为{after.Chinese}。"
            ),
        };
    }

    /// <summary>A duration for people, such as <c>3 days</c>; null where the text is none.</summary>
    public static LocalisedText? Duration(string? text)
    {
        if (text is null || !Diagnostics.Duration.TryParse(text, out var duration) || duration == TimeSpan.Zero)
        {
            return null;
        }

        (long Count, string English, string Chinese) unit =
            duration.Ticks % TimeSpan.TicksPerDay == 0 ? (duration.Ticks / TimeSpan.TicksPerDay, "day", "天")
            : duration.Ticks % TimeSpan.TicksPerHour == 0 ? (duration.Ticks / TimeSpan.TicksPerHour, "hour", "小时")
            : duration.Ticks % TimeSpan.TicksPerMinute == 0
                ? (duration.Ticks / TimeSpan.TicksPerMinute, "minute", "分钟")
            : (duration.Ticks / TimeSpan.TicksPerSecond, "second", "秒");
        var number = unit.Count.ToString(CultureInfo.InvariantCulture);
        return new($"{number} {unit.English}{(unit.Count == 1 ? "" : "s")}", $"{number} {unit.Chinese}");
    }

    private static LocalisedText Value(string? text) => Duration(text) ?? new LocalisedText($"“{text}”", $"“{text}”");
}
