using System.Globalization;
using Hangfire.Common;
using Hangfire.Dashboard;
using NurtureEngine.Core;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Scheduling.Jobs.Dashboard;

/// <summary>What jobs are called on the pages, in the reader's language; slots by the organisation's clock, with their touches.</summary>
internal static class JobNames
{
    private const int MostCounted = 10_000;

    // A page may list thousands.
    private const int MostCounts = 100;

    private static readonly Dictionary<string, LocalisedText> Duties = new(StringComparer.Ordinal)
    {
        ["partitions"] = new("Tables of the months to come", "创建后续月份的数据表"),
        ["retention"] = new("Deleting what is kept for a time only", "清理过期数据"),
        ["lanes"] = new("Resuming leads whose lane is free", "恢复通道已空闲的线索"),
        ["tallies"] = new("Counting how leads flow", "统计线索流转"),
        ["wechat"] = new("Renewing WeChat's access tokens", "更新微信访问令牌"),
        ["moments"] = new("Triggers by date and silence", "按日期和沉默时间触发"),
    };

    private static readonly Dictionary<string, LocalisedText> Channels = new(StringComparer.Ordinal)
    {
        [Core.Touches.Channel.Email] = new("E-mail", "电子邮件"),
    };

    private static readonly LocalisedText SlotFormat = new("{0}, {1} ({2})", "{0} {1}（{2}）");
    private static readonly LocalisedText TouchesFormat = new(", planned touches: {0}", "，计划触达：{0}");
    private static readonly LocalisedText SlotPattern = new("ddd d MMM HH:mm", "M'月'd'日' ddd HH:mm");
    private static readonly LocalisedText StoppedFormat = new("{0} is stopped", "{0}已停发");

    /// <summary>The name of a job; its method's where it is none of ours.</summary>
    public static string Of(DashboardContext context, Job job) =>
        (job.Type.Name, job.Args) switch
        {
            (nameof(DutyJob), [string duty, ..]) => Duties.TryGetValue(duty, out var name) ? Say(name) : duty,
            (nameof(SendSlotJob), [string channel, DateTimeOffset slot, ..]) => OfSlot(
                context.GetHttpContext(),
                channel,
                slot
            ),
            _ => $"{job.Type.Name}.{job.Method.Name}",
        };

    /// <summary>That a channel is stopped; null while none is.</summary>
    public static string? Stopped(DashboardContext context)
    {
        var stopped = context.GetHttpContext().RequestServices.GetRequiredService<SendingStop>().Stopped();
        return stopped.Count == 0 ? null : Format(StoppedFormat, string.Join(", ", stopped.Select(NameOf)));
    }

    private static string OfSlot(HttpContext http, string channel, DateTimeOffset slot)
    {
        var services = http.RequestServices;
        var zone = services.GetRequiredService<CurrentRulebook>().Value.DefaultZone;
        var name = Format(
            SlotFormat,
            NameOf(channel),
            NodaTime
                .Instant.FromDateTimeOffset(slot)
                .InZone(zone)
                .ToString(Say(SlotPattern), CultureInfo.CurrentCulture),
            zone.Id
        );
        var now = services.GetRequiredKeyedService<TimeProvider>(Clocks.Business).GetUtcNow();
        // How many were planned for a past slot is no longer known.
        if (slot < SlotStore.MinuteOf(now) || !MayCount(http))
        {
            return name;
        }

        var touches = services.GetRequiredService<SlotStore>().Count(channel, slot, now, MostCounted);
        return name
            + Format(
                TouchesFormat,
                touches > MostCounted
                    ? $"{MostCounted.ToString("N0", CultureInfo.CurrentCulture)}+"
                    : touches.ToString("N0", CultureInfo.CurrentCulture)
            );
    }

    private static bool MayCount(HttpContext http)
    {
        var counted = http.Items[typeof(JobNames)] is int so ? so : 0;
        http.Items[typeof(JobNames)] = counted + 1;
        return counted < MostCounts;
    }

    private static string NameOf(string channel) => Channels.TryGetValue(channel, out var name) ? Say(name) : channel;

    private static string Format(LocalisedText format, params object[] values) =>
        string.Format(CultureInfo.CurrentCulture, Say(format), values);

    private static string Say(LocalisedText text) => text.In(CultureInfo.CurrentUICulture);
}
