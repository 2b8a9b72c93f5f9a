using System.Globalization;
using System.Text.Json.Nodes;
using NurtureEngine.Core;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Postgres.Leads;
using NurtureEngine.Postgres.Touches;
using NurtureEngine.Postgres.Tracks;
using static NurtureEngine.Host.Development.DevelopmentPage;

namespace NurtureEngine.Host.Development;

/// <summary>Draws one lead: who they are, which tracks they are in, what is planned and why, what they had, and all that happened.</summary>
internal sealed class LeadPage(LeadRow lead, TrackSet tracks)
{
    private static readonly string[] Open = ["planned", "awaiting_approval", "deferred", "claimed"];
    private static readonly LocalisedText Mail = new("e-mail", "邮件");
    private readonly JsonNode _fields = JsonNode.Parse(lead.Fields)!;

    public string Draw(
        IReadOnlyList<EnrollmentRow> enrollments,
        IReadOnlyList<TouchRow> touches,
        IReadOnlyList<InboxMessage> letters,
        IReadOnlyList<TimelineRow> timeline
    )
    {
        var html = Head(Name, "");
        html.Append(
            CultureInfo.InvariantCulture,
            $"<h1>{Escape(Name)}</h1><p class=note>{Escape(string.Join(" · ", About().Where(part => part.Length > 0)))}</p>"
        );
        html.Append("<h2>Tracks</h2>");
        Table(
            html,
            ["Track", "State", "Since (UTC)", "Next look or end (UTC)", "Why"],
            enrollments.Select(TrackOf),
            "In no track yet."
        );
        html.Append("<h2>Planned, and why</h2>");
        Table(
            html,
            ["Due (UTC)", "Content", "State", "Why it is there"],
            touches.Where(touch => Open.Contains(touch.State)).OrderBy(touch => touch.DueAt).Select(PlanOf),
            "Nothing is planned."
        );
        html.Append("<h2>Sent, left out or taken back</h2>");
        Table(
            html,
            ["Settled (UTC)", "Content", "State", "Why"],
            touches
                .Where(touch => !Open.Contains(touch.State))
                .OrderByDescending(touch => touch.SettledAt)
                .Select(touch =>
                    new[]
                    {
                        Time(touch.SettledAt),
                        Escape($"{touch.Content} ({touch.Track})"),
                        Escape(touch.State),
                        Why(touch.Code, touch.Argument),
                    }
                ),
            "Nothing yet."
        );
        html.Append("<h2>Letters</h2>");
        Table(
            html,
            ["Received (UTC)", "Subject"],
            letters.Select(letter =>
                new[]
                {
                    Time(letter.ReceivedAt),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"<a href=\"/dev/inbox/{letter.Id}\">{Escape(letter.Subject)}</a>"
                    ),
                }
            ),
            "None."
        );
        html.Append("<h2>Timeline</h2>");
        Table(
            html,
            ["Happened (UTC)", "What", "More"],
            timeline.Select(entry =>
                new[]
                {
                    Time(entry.OccurredAt),
                    Escape(entry.Kind),
                    $"<code>{Escape(entry.Arguments == "{}" ? "" : entry.Arguments)}</code>",
                }
            ),
            "Nothing has happened yet."
        );
        return Foot(html);
    }

    private string Name => (string?)_fields["name"] ?? (string?)_fields["email"] ?? $"Lead {lead.Id}";

    private IEnumerable<string> About()
    {
        var account = lead.AccountFields is { } json ? JsonNode.Parse(json) : null;
        yield return $"{_fields["title"]}";
        yield return $"{_fields["role"]}";
        yield return $"{account?["name"]}";
        yield return $"{account?["tier"]}";
        yield return StagesOf(lead.Stages);
        yield return $"score {_fields["score"] ?? "0"}";
        yield return $"{_fields["language"]}";
        yield return $"{_fields["time_zone"]}";
        yield return lead.PausedAt is null ? "" : "paused";
        yield return lead.DeletedAt is null ? "" : "deleted";
    }

    private static string StagesOf(string? json) =>
        json is null
            ? ""
            : string.Join(
                ", ",
                JsonNode.Parse(json) switch
                {
                    JsonArray list => list.Select(stage => $"{stage!["stage"]}"),
                    JsonObject stages => stages.Select(stage =>
                        stage.Value is JsonObject one ? $"{one["stage"]}" : $"{stage.Value}"
                    ),
                    _ => [],
                }
            );

    private static string[] TrackOf(EnrollmentRow row) =>
        [
            Escape(row.Track),
            row.State switch
            {
                0 => "inside",
                1 => "ran to its end",
                2 => "has left",
                4 => "held by a pause",
                _ => "parked",
            },
            Time(row.EnteredAt),
            Time(row.DueAt ?? row.EndedAt),
            Why(row.Code, row.Argument),
        ];

    private string[] PlanOf(TouchRow touch) =>
        [
            Time(touch.DueAt),
            Escape($"{touch.Content} ({touch.Track})"),
            Escape(touch.State),
            $"{Why(touch.Code, touch.Argument)} {Escape(SentenceOf(touch))}",
        ];

    // By the version in force: one that was replaced since may have had another reason.
    private string SentenceOf(TouchRow touch)
    {
        var track = tracks.Current.FirstOrDefault(track => track.Track.DefinitionId == touch.Track)?.Track;
        return track?.Steps.GetValueOrDefault(new StepId(touch.Step))?.Journey is { } journey
            ? journey.Sentence(new LocalisedText(touch.Content, touch.Content), Mail).English
            : "";
    }

    private static string Time(DateTimeOffset? at) => at is { } known ? $"<span class=when>{When(known)}</span>" : "";

    private static string Why(string? code, string? argument) =>
        code is null ? "" : $"{Escape(CodeSentences.Of(code, argument).English)} <code>{Escape(code)}</code>";
}
