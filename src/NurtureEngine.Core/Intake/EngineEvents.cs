using System.Collections.Immutable;
using System.Text.Json;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Intake;

/// <summary>The engine's own events in the inbox: the form in which a step's change waits to be applied.</summary>
public static class EngineEvents
{
    /// <summary>The source under which they are kept; no webhook may use it.</summary>
    public const string Source = "engine";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault,
    };

    public static byte[] Write(LeadChange change, ExternalKey lead, DateTimeOffset at) =>
        JsonSerializer.SerializeToUtf8Bytes(new Body(at, lead.Source, lead.ExternalId, ChangeBody.Of(change)), Json);

    public static byte[] Write(Moment moment, ExternalKey lead, DateTimeOffset at) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new Body(
                at,
                lead.Source,
                lead.ExternalId,
                Moment: new MomentBody(moment.Kind, moment.Track, moment.Step.Value, moment.At)
            ),
            Json
        );

    public static byte[] Write(Feedback feedback, ExternalKey lead, DateTimeOffset at) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new Body(
                at,
                lead.Source,
                lead.ExternalId,
                Feedback: new FeedbackBody($"{feedback.Kind}", feedback.Touch, feedback.Name, feedback.Key)
            ),
            Json
        );

    public static byte[] Write(StageChange stage, HandEdit by, ExternalKey lead, DateTimeOffset at) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new Body(at, lead.Source, lead.ExternalId, Hand: new HandBody(by.By, by.Reason, stage.LifeCycle, stage.To)),
            Json
        );

    /// <exception cref="JsonException">The bytes were not written by this class.</exception>
    public static CrmEvent Read(byte[] bytes)
    {
        var body = JsonSerializer.Deserialize<Body>(bytes, Json)!;
        var lead = new ExternalKey(body.Source, body.ExternalId);
        return body switch
        {
            { Change: { } change } => change.ToChange().ToEvent(lead, body.At),
            { Moment: { } moment } => new Moment(moment.Kind, moment.Track, new StepId(moment.Step), moment.At).ToEvent(
                lead,
                body.At
            ),
            { Feedback: { } feedback } => new Feedback(
                Enum.Parse<FeedbackKind>(feedback.Kind),
                feedback.Touch,
                feedback.Name,
                feedback.Key
            ).ToEvent(lead, body.At),
            { Hand: { } hand } => new CrmEvent
            {
                Type = EventTypes.StageChanged,
                Lead = lead,
                Stamp = new Stamp(null, body.At),
                Stage = new StageChange(hand.LifeCycle, null, hand.To),
                Hand = new HandEdit(hand.By, hand.Reason),
            },
            _ => throw new JsonException("The event holds no change, no moment, no feedback and no stage."),
        };
    }

    private sealed record Body(
        DateTimeOffset At,
        string Source,
        string ExternalId,
        ChangeBody? Change = null,
        MomentBody? Moment = null,
        FeedbackBody? Feedback = null,
        HandBody? Hand = null
    );

    private sealed record HandBody(string By, string? Reason, string? LifeCycle, string To);

    private sealed record FeedbackBody(string Kind, Guid Touch, string? Name, string? Key);

    private sealed record MomentBody(string Kind, string Track, string Step, DateTimeOffset At);

    private sealed record ChangeBody(
        long Enrollment,
        string Step,
        int Visit,
        Dictionary<string, string?> Fields,
        int ScoreBy,
        string? Reason,
        string? Criterion,
        string? Fact,
        string? MoveTo,
        string? Handoff,
        string? From,
        bool FreesLane = false
    )
    {
        public static ChangeBody Of(LeadChange change) =>
            new(
                change.Enrollment.Value,
                change.Step.Value,
                change.Visit,
                new Dictionary<string, string?>(change.Fields),
                change.ScoreBy,
                change.Reason,
                change.Criterion,
                change.Fact,
                change.MoveTo,
                change.Handoff,
                change.From,
                change.FreesLane
            );

        public LeadChange ToChange() =>
            new(new EnrollmentId(Enrollment), new StepId(Step), Visit)
            {
                Fields = Fields.ToImmutableSortedDictionary(StringComparer.Ordinal),
                ScoreBy = ScoreBy,
                Reason = Reason,
                Criterion = Criterion,
                Fact = Fact,
                MoveTo = MoveTo,
                Handoff = Handoff,
                From = From,
                FreesLane = FreesLane,
            };
    }
}
