using System.Collections.Immutable;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Activities.Waits;

/// <summary>
/// Waits until the lead does something: downloads, attends, misses an event, visits a page. What happened since the lead entered
/// the track, and no step has waited for yet, counts.
/// </summary>
public sealed record WaitForEvent(StepId Id, string Name, string Key, TimeSpan? Timeout) : Step(Id, Name)
{
    private const string Happened = "Happened";

    private static readonly (string Word, string Type)[] Behaviours =
    [
        ("download", EventTypes.FileDownloaded),
        ("attendance", EventTypes.EventAttended),
        ("noShow", EventTypes.EventMissed),
        ("visit", EventTypes.PageVisited),
        ("form", EventTypes.FormSubmitted),
        ("meeting", EventTypes.MeetingHeld),
        ("call", EventTypes.CallMade),
    ];

    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.WaitForEvent",
            Category = ActivityCategory.Waits,
            DisplayName = new("Wait for event", "等待行为"),
            Help = new(
                "Waits until the lead does something, such as a download or a visit. What happened since the lead entered counts.",
                "等待线索的行为（如下载、访问）；进入轨道后已发生的也算。"
            ),
            Example = new(
                new("Who attends the webinar goes on by Happened.", "参加网络研讨会的线索走“已发生”。"),
                ("behaviour", "attendance"),
                ("about", "spring-webinar"),
                ("timeout", "14d")
            ),
            Inputs =
            [
                new("behaviour", new("Behaviour", "行为"))
                {
                    Help = new("What the lead does.", "线索的行为。"),
                    Words =
                    [
                        new("download", new("Downloads a file", "下载文件")),
                        new("attendance", new("Attends an event", "参加活动")),
                        new("noShow", new("Misses an event", "缺席活动")),
                        new("visit", new("Visits a page", "访问页面")),
                        new("form", new("Submits a form", "提交表单")),
                        new("meeting", new("Has a meeting", "参加会议")),
                        new("call", new("Has a call", "通话")),
                    ],
                },
                new("about", new("About", "对象"))
                {
                    Help = new(
                        "What it is about, such as a file's or an event's name; empty for any.",
                        "对象，如文件或活动名称；留空不限。"
                    ),
                },
                new("timeout", new("At most", "最长等待"))
                {
                    Help = new("How long it waits at most, such as 14d.", "最长等待时间，如 14d。"),
                },
            ],
            Ports = [Happened, TimedOut],
            Compile = Read,
        };

    public override ImmutableSortedDictionary<string, string> Awaits => NoSignals.Add(Key, Happened);

    public override string DuePort => TimedOut;

    public override bool Waits => true;

    public override bool TakesTime => true;

    public override bool IsEndless => Timeout is null;

    public override StepResult Enter(Visit visit) => new StepResult.Listen(visit.Now + Timeout);

    private static WaitForEvent Read(ActivityReader reader)
    {
        var word = reader.Word("behaviour");
        var kind = Array.Find(Behaviours, behaviour => behaviour.Word == word).Type;
        var key = reader.Text("about") is { } name ? Signal.Named(kind, name) : kind;
        return new WaitForEvent(reader.Id, reader.Name, key, reader.OptionalDuration("timeout"));
    }
}
