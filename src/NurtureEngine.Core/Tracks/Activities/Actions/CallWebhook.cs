using System.Text.Encodings.Web;
using System.Text.Json;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Outgoing;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Activities.Actions;

/// <summary>
/// Tells another system that the lead came here, and goes on at once. The receiver is one of the configuration's, so that a
/// track can't send leads to just anywhere; the message is signed by Standard Webhooks.
/// </summary>
public sealed record CallWebhook(StepId Id, string Name, string Target, string EventType, TextValue Message)
    : Step(Id, Name)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // The body is no part of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static ActivityType Type { get; } =
        new()
        {
            TypeName = "Nurture.CallWebhook",
            Category = ActivityCategory.Flow,
            DisplayName = new("Call webhook", "调用 Webhook"),
            Help = new("Tells another system, by a signed webhook.", "通过签名 Webhook 通知其他系统。"),
            Example = new(
                new("The shop learns that a voucher may be shown.", "通知商城可以展示优惠。"),
                ("target", "shop"),
                ("eventType", "lead.voucher"),
                ("message", "For {{ lead.email }}")
            ),
            Inputs =
            [
                new("target", new("Target", "目标"))
                {
                    Help = new("The receiver, by its configured name.", "接收方的配置名称。"),
                    Offer = InputOffer.Targets,
                },
                new("eventType", new("Event type", "事件类型"))
                {
                    Help = new("The type that the webhook names.", "Webhook 中的事件类型。"),
                },
                new("message", new("Message", "消息"))
                {
                    Shape = InputShape.Paragraph,
                    Help = new(
                        "A text for the receiver; may read the lead with {{ }}.",
                        "给接收方的文本；可用 {{ }} 读取线索。"
                    ),
                },
            ],
            Compile = reader => new CallWebhook(
                reader.Id,
                reader.Name,
                reader.Target("target"),
                reader.Text("eventType") ?? "track.step_reached",
                reader.TextValue("message")
            ),
        };

    public override bool ReadsLead => true;

    public override StepResult Enter(Visit visit)
    {
        if (Message.In(visit.Values) is not { } message)
        {
            return new StepResult.Fault("value.missing", Name);
        }

        var lead = visit.Values.Lead;
        var body = new
        {
            type = EventType,
            timestamp = visit.Now.UtcDateTime,
            data = new
            {
                lead = new
                {
                    id = lead.Id?.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    email = lead.Email,
                    name = lead.Fields[Fields.Name],
                    score = lead.Score,
                },
                track = visit.Track.DefinitionId,
                step = Name,
                message,
            },
        };
        var id = TouchId.Of(visit.Enrollment, Id, visit.Number).Value;
        return new StepResult.Complete(Done)
        {
            Decisions =
            [
                new Decision.Emit(Id, new OutboxMessage.Webhook(id, Target, JsonSerializer.Serialize(body, Json))),
            ],
        };
    }
}
