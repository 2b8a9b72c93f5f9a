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
            Inputs =
            [
                new("behaviour", new("Behaviour", "行为")),
                new("about", new("About", "对象")),
                new("timeout", new("At most", "最长等待")),
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
        var word = reader.Choice("behaviour", [.. Behaviours.Select(behaviour => behaviour.Word)]);
        var kind = Array.Find(Behaviours, behaviour => behaviour.Word == word).Type;
        var key = reader.Text("about") is { } name ? Signal.Named(kind, name) : kind;
        return new WaitForEvent(reader.Id, reader.Name, key, reader.OptionalDuration("timeout"));
    }
}
