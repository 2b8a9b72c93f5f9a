using System.Collections.Immutable;
using NurtureEngine.Core.Intake;

namespace NurtureEngine.Core.Tracks.Activities.Waits;

/// <summary>Waits until the lead engages with an e-mail of the track. What happened since the latest was planned counts.</summary>
public sealed record WaitForEngagement(StepId Id, string Name, ImmutableArray<string> Kinds, TimeSpan? Timeout)
    : Step(Id, Name)
{
    private const string Engaged = "Engaged";

    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.WaitForEngagement",
            Category = ActivityCategory.Waits,
            DisplayName = new("Wait for engagement", "等待互动"),
            Help = new(
                "Waits until the lead opens, clicks or answers what this track has sent.",
                "等待线索打开、点击或回复本轨道发出的消息。"
            ),
            Example = new(
                new("Three days for a click on the link in the e-mail.", "等待点击邮件中的链接，最多三天。"),
                ("engagement", "click"),
                ("timeout", "3d")
            ),
            Inputs =
            [
                new("engagement", new("Engagement", "互动"))
                {
                    Help = new("What counts.", "计入的互动。"),
                    Words =
                    [
                        new("any", new("Any sign", "任何互动")),
                        new("open", new("An opening", "打开")),
                        new("click", new("A click", "点击")),
                        new("reply", new("A reply", "回复")),
                        new("response", new("A click or a reply", "点击或回复")),
                    ],
                },
                new("timeout", new("At most", "最长等待"))
                {
                    Help = new("How long it waits at most, such as 5d.", "最长等待时间，如 5d。"),
                },
            ],
            Ports = [Engaged, TimedOut],
            Compile = reader => new WaitForEngagement(
                reader.Id,
                reader.Name,
                reader.Word("engagement") switch
                {
                    "open" => [EventTypes.EmailOpened],
                    "click" => [EventTypes.LinkClicked],
                    "reply" => [EventTypes.Replied],
                    "response" => [EventTypes.LinkClicked, EventTypes.Replied],
                    _ => EventTypes.Engagement,
                },
                reader.OptionalDuration("timeout")
            ),
        };

    public override ImmutableSortedDictionary<string, string> Awaits =>
        NoSignals.AddRange(Kinds.Select(kind => KeyValuePair.Create(kind, Engaged)));

    public override string DuePort => TimedOut;

    public override bool Waits => true;

    public override bool TakesTime => true;

    public override bool IsEndless => Timeout is null;

    public override StepResult Enter(Visit visit) => new StepResult.Listen(visit.Now + Timeout);
}
