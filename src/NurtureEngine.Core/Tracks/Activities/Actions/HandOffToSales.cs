using System.Collections.Immutable;
using NurtureEngine.Core.Handoffs;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Outgoing;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Activities.Actions;

/// <summary>
/// Gives the lead to sales: a hand-off with a brief, and an e-mail to the lead's owner. Waits for their answer, at most as long as
/// is given.
/// </summary>
public sealed record HandOffToSales(StepId Id, string Name, TextValue Reason, string? Fallback, TimeSpan? Timeout)
    : Step(Id, Name)
{
    private const string Accepted = "Accepted";
    private const string Rejected = "Rejected";

    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.HandOffToSales",
            Category = ActivityCategory.Sales,
            ReachesLead = true,
            DisplayName = new("Hand off to sales", "转交销售"),
            Help = new(
                "Gives the lead to sales with a brief, and waits for the answer.",
                "附简报把线索转交销售，并等待答复。"
            ),
            Example = new(
                new(
                    "Sales has one day to answer; after that the lead leaves by Timed out.",
                    "销售须在一天内答复，否则走“超时”。"
                ),
                ("reason", "{{ lead.name }} asked for the prices twice."),
                ("fallback", "sales@example.com"),
                ("timeout", "1d")
            ),
            Inputs =
            [
                new("reason", new("Why now", "转交原因"))
                {
                    Shape = InputShape.Paragraph,
                    Help = new(
                        "Why now, for the brief; may read the lead with {{ }}.",
                        "转交原因，用于简报；可用 {{ }} 读取线索。"
                    ),
                },
                new("fallback", new("Address without an owner", "无负责人时的邮箱"))
                {
                    Help = new("The address that is notified if the lead has no owner.", "无负责人时通知的邮箱。"),
                },
                new("timeout", new("At most", "最长等待"))
                {
                    Help = new("How long sales may take to answer, such as 1d.", "销售答复期限，如 1d。"),
                },
            ],
            Ports = [Accepted, Rejected, TimedOut],
            Compile = Read,
        };

    public override ImmutableSortedDictionary<string, string> Awaits =>
        NoSignals
            .Add(Answer(HandoffOutcome.Accepted), Accepted)
            .Add(Answer(HandoffOutcome.Rejected), Rejected)
            .Add(Answer(HandoffOutcome.Recycled), Rejected);

    public override string DuePort => TimedOut;

    public override bool Waits => true;

    public override bool TakesTime => true;

    public override bool IsEndless => Timeout is null;

    public override bool ReadsLead => true;

    public override bool ReachesLead => true;

    public override StepResult Enter(Visit visit)
    {
        if (Reason.In(visit.Values) is not { } reason)
        {
            return new StepResult.Fault("value.missing", Name);
        }

        var id = TouchId.Of(visit.Enrollment, Id, visit.Number);
        var owner =
            visit.Values.Lead.Fields["owner.email"] is { } known && EmailAddress.IsValidWithin(known)
                ? known
                : Fallback;
        var brief = HandoffBrief.Of(visit.Values, visit.Track, reason, owner, id.Value);
        var until = visit.Now + Timeout;
        var change = new LeadChange(visit.Enrollment, Id, visit.Number)
        {
            Handoff = HandoffOutcome.Offered,
            From = visit.Track.DefinitionId,
        };
        return new StepResult.Listen(until)
        {
            Decisions =
            [
                new Decision.Offer(new Handoff(id, Id, visit.Number, owner, brief, until)),
                new Decision.Change(change),
                .. owner is null
                    ? Array.Empty<Decision>()
                    :
                    [
                        new Decision.Emit(
                            Id,
                            new OutboxMessage.Email(
                                id.Value,
                                owner,
                                brief.Language,
                                brief.Subject,
                                brief.Html,
                                brief.Text
                            )
                        ),
                    ],
            ],
        };
    }

    private string Answer(string outcome) => Signal.Answering(HandoffOutcome.SignalOf(outcome), Id);

    private static HandOffToSales Read(ActivityReader reader)
    {
        var fallback = reader.Text("fallback");
        if (fallback is not null && !EmailAddress.IsValidWithin(fallback))
        {
            reader.Fault("fallback", $"'{fallback}' is no e-mail address; expected one such as sales@example.com.");
        }

        return new HandOffToSales(
            reader.Id,
            reader.Name,
            reader.TextValue("reason"),
            fallback,
            reader.OptionalDuration("timeout")
        );
    }
}
