using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Postgres.Leads;
using NurtureEngine.Postgres.Touches;
using NurtureEngine.Postgres.Tracks;
using static NurtureEngine.Host.Development.DevelopmentPage;

namespace NurtureEngine.Host.Development;

/// <summary>Draws one lead: who they are, which tracks they are in, what is planned and why, what they had, and all that happened.</summary>
internal sealed class LeadPage(LeadRow lead, TrackSet tracks)
{
    private readonly JsonNode _fields = JsonNode.Parse(lead.Fields)!;

    public string Draw(
        IReadOnlyList<EnrollmentRow> enrollments,
        IReadOnlyList<TouchRow> touches,
        IReadOnlyList<InboxMessage> mails,
        IReadOnlyList<TimelineRow> timeline
    )
    {
        var html = Head(Name, "");
        html.Append(
            CultureInfo.InvariantCulture,
            $"<h1>{Escape(Name)}</h1><p class=note>{Escape(string.Join(" · ", About().Where(part => part.Length > 0)))}</p>"
        );
        AddTracks(html, enrollments, touches);
        AddHistory(html, touches, mails, timeline);
        return Foot(html);
    }

    private void AddTracks(
        StringBuilder html,
        IReadOnlyList<EnrollmentRow> enrollments,
        IReadOnlyList<TouchRow> touches
    )
    {
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
            new LeadPlans(tracks).Rows(enrollments, touches),
            "Nothing is planned."
        );
    }

    private static void AddHistory(
        StringBuilder html,
        IReadOnlyList<TouchRow> touches,
        IReadOnlyList<InboxMessage> mails,
        IReadOnlyList<TimelineRow> timeline
    )
    {
        var words = new TimelineWords(touches);
        html.Append("<h2>Sent, skipped or cancelled</h2>");
        Table(
            html,
            ["Settled (UTC)", "Content", "State", "Why"],
            touches
                .Where(touch => !LeadPlans.IsOpen(touch))
                .OrderByDescending(touch => touch.SettledAt)
                .Select(touch =>
                    new[]
                    {
                        Time(touch.SettledAt),
                        Escape($"{touch.Content} ({touch.Track})"),
                        Escape(TimelineWords.State(touch.State)),
                        Why(touch.Code, touch.Argument),
                    }
                ),
            "Nothing yet."
        );
        html.Append("<h2>E-mails</h2>");
        Table(
            html,
            ["Received (UTC)", "To", "Subject"],
            mails.Select(mail =>
                new[]
                {
                    Time(mail.ReceivedAt),
                    Escape(mail.Recipient),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"<a href=\"/dev/inbox/{mail.Id}\">{Escape(mail.Subject)}</a>"
                    ),
                }
            ),
            "None."
        );
        html.Append("<h2>Timeline</h2>");
        Table(
            html,
            ["Happened (UTC)", "What", "More"],
            timeline
                .Where(TimelineWords.IsOfInterest)
                .Select(entry =>
                    new[] { Time(entry.OccurredAt), Escape(TimelineWords.What(entry)), Escape(words.More(entry)) }
                ),
            "Nothing has happened yet."
        );
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
                0 => "active",
                1 => "completed",
                2 => "exited",
                4 => Escape($"paused: {string.Join(", ", (row.HeldBy ?? []).Select(Reason))}"),
                _ => "parked",
            },
            Time(row.EnteredAt),
            Time(row.DueAt ?? row.EndedAt),
            Why(row.Code, row.Argument),
        ];

    private static string Reason(string heldBy) =>
        heldBy switch
        {
            "lead" => "the lead is paused",
            "account" => "the account is paused",
            "handoff" => "sales has the lead",
            "lane" => "a higher-priority track has the lead",
            _ => heldBy,
        };
}
