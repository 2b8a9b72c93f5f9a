using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tracks.Activities.Actions;

/// <summary>
/// Plans the next piece of a pool that the lead has not had, in whichever track, and goes on when it has left or is settled
/// otherwise. Who has had all leaves, or waits: new pieces are looked for once a day.
/// </summary>
public sealed record ContentPool(StepId Id, string Name, string Pool, bool WaitsForMore) : Step(Id, Name)
{
    private const string Sent = "Sent";
    private const string Exhausted = "Exhausted";
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromDays(1);

    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.ContentPool",
            Category = ActivityCategory.Messages,
            ReachesLead = true,
            DisplayName = new("Content pool", "内容池"),
            Help = new(
                "Sends the next piece of a pool that the lead has not had.",
                "发送内容池中线索尚未收到的下一篇内容。"
            ),
            Example = new(
                new(
                    "Each Tuesday the next letter; who has had all of them waits for the next one.",
                    "每周二发送下一封来信；已读完全部的线索等待新内容。"
                ),
                ("pool", "tuesday-letter"),
                ("whenExhausted", "wait")
            ),
            Inputs =
            [
                new("pool", new("Pool", "内容池"))
                {
                    Help = new("Where the pieces come from.", "内容来源。"),
                    Offer = InputOffer.Pools,
                },
                new("whenExhausted", new("When exhausted", "用尽时"))
                {
                    Help = new("What happens to a lead who has had all pieces.", "线索已收到全部内容时如何处理。"),
                    Words =
                    [
                        new("leave", new("Goes on", "继续")),
                        new("wait", new("Waits for new pieces", "等待新内容")),
                    ],
                },
            ],
            Ports = [Sent, Exhausted],
            Compile = reader => new ContentPool(
                reader.Id,
                reader.Name,
                reader.Pool("pool"),
                reader.Word("whenExhausted") == "wait"
            ),
        };

    public override bool Waits => true;

    public override bool IsEndless => WaitsForMore;

    public override bool ReadsHistory => true;

    public override string DuePort => Sent;

    public override bool ReachesLead => true;

    public override StepResult Enter(Visit visit) =>
        visit.Values.Pools.Next(Pool, visit.Had) is { } piece ? new StepResult.Send(Touch(visit, piece))
        : WaitsForMore ? new StepResult.LookAgain(visit.Now + BetweenLooks)
        : new StepResult.Complete(Exhausted);

    private static PlannedTouch Touch(Visit visit, string piece) =>
        new(
            TouchId.Of(visit.Enrollment, visit.Step, visit.Number),
            visit.Step,
            visit.Number,
            Channel.Email,
            piece,
            visit.NextMoment,
            visit.Track.Settings.Priority
        );
}
