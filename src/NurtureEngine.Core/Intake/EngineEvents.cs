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
        JsonSerializer.SerializeToUtf8Bytes(
            new Body(
                at,
                lead.Source,
                lead.ExternalId,
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
                change.From
            ),
            Json
        );

    /// <exception cref="JsonException">The bytes were not written by <see cref="Write"/>.</exception>
    public static CrmEvent Read(byte[] bytes)
    {
        var body = JsonSerializer.Deserialize<Body>(bytes, Json)!;
        return new LeadChange(new EnrollmentId(body.Enrollment), new StepId(body.Step), body.Visit)
        {
            Fields = body.Fields.ToImmutableSortedDictionary(StringComparer.Ordinal),
            ScoreBy = body.ScoreBy,
            Reason = body.Reason,
            Criterion = body.Criterion,
            Fact = body.Fact,
            MoveTo = body.MoveTo,
            Handoff = body.Handoff,
            From = body.From,
        }.ToEvent(new ExternalKey(body.Source, body.ExternalId), body.At);
    }

    private sealed record Body(
        DateTimeOffset At,
        string Source,
        string ExternalId,
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
        string? From
    );
}
