using System.Globalization;
using System.Text.Json.Nodes;
using NurtureEngine.Core;
using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Actions;
using NurtureEngine.Core.Tracks.Running;
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
    private static readonly LocalisedText Person = new("a person", "人工");
    private const short Inside = 0;
    private readonly JsonNode _fields = JsonNode.Parse(lead.Fields)!;

    public string Draw(
        IReadOnlyList<EnrollmentRow> enrollments,
        IReadOnlyList<TouchRow> touches,
        IReadOnlyList<InboxMessage> letters,
        IReadOnlyList<TimelineRow> timeline
    )
    {
        var html = Head(Name, "");
        var words = new TimelineWords(touches);
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
            touches
                .Where(touch => Open.Contains(touch.State))
                .OrderBy(touch => touch.DueAt)
                .Select(PlanOf)
                .Concat(enrollments.Where(row => row.State == Inside).SelectMany(Coming)),
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
                        Escape(TimelineWords.State(touch.State)),
                        Why(touch.Code, touch.Argument),
                    }
                ),
            "Nothing yet."
        );
        html.Append("<h2>Letters</h2>");
        Table(
            html,
            ["Received (UTC)", "To", "Subject"],
            letters.Select(letter =>
                new[]
                {
                    Time(letter.ReceivedAt),
                    Escape(letter.Recipient),
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
            timeline
                .Where(TimelineWords.IsOfInterest)
                .Select(entry =>
                    new[] { Time(entry.OccurredAt), Escape(TimelineWords.What(entry)), Escape(words.More(entry)) }
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
            Escape(TimelineWords.State(touch.State)),
            $"{Why(touch.Code, touch.Argument)} {Escape(SentenceOf(CurrentOf(touch.Track)?.Steps.GetValueOrDefault(new StepId(touch.Step)), touch.Content))}",
        ];

    // Not planned yet, since which way the lead will go is decided on the way.
    private IEnumerable<string[]> Coming(EnrollmentRow row)
    {
        if (row.Tokens is null || CurrentOf(row.Track) is not { } track)
        {
            yield break;
        }

        var ahead = TrackOutlook.Ahead(track, TokenCodec.Read(row.Tokens));
        foreach (var step in ahead)
        {
            var what = step switch
            {
                SendEmail mail => mail.ContentKey,
                ContentPool pool => $"the next of {pool.Pool}",
                HandOffToSales => "a hand-off to sales",
                _ => "a call",
            };
            yield return
            [
                row.DueAt is null ? "" : $"not before {Time(row.DueAt)}",
                Escape($"{what} ({row.Track})"),
                ahead.Count == 1 ? "comes next" : "may come next",
                Escape(SentenceOf(step, what)),
            ];
        }
    }

    // The version in force: one that was replaced since may have had another reason.
    private Track? CurrentOf(string id) =>
        tracks.Current.FirstOrDefault(track => track.Track.DefinitionId == id)?.Track;

    private static string SentenceOf(Step? step, string content) =>
        step?.Journey?.Sentence(
            new LocalisedText(content, content),
            step is SendEmail or ContentPool ? Mail : Person
        ).English ?? "";

    private static string Time(DateTimeOffset? at) => at is { } known ? $"<span class=when>{When(known)}</span>" : "";

    private static string Why(string? code, string? argument) =>
        code is null ? "" : $"{Escape(CodeSentences.Of(code, argument).English)} <code>{Escape(code)}</code>";
}
