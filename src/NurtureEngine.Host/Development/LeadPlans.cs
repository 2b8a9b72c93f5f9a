using NurtureEngine.Core;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Actions;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Postgres.Touches;
using NurtureEngine.Postgres.Tracks;
using static NurtureEngine.Host.Development.DevelopmentPage;

namespace NurtureEngine.Host.Development;

/// <summary>What is planned for a lead, and what the tracks that they are in may bring next: rows of a table, each with its reason.</summary>
internal sealed class LeadPlans(TrackSet tracks)
{
    private const short Inside = 0;
    private static readonly string[] Open = ["planned", "awaiting_approval", "deferred", "claimed"];
    private static readonly LocalisedText Mail = new("e-mail", "邮件");
    private static readonly LocalisedText Person = new("a person", "人工");

    public static bool IsOpen(TouchRow touch) => Open.Contains(touch.State);

    public IEnumerable<string[]> Rows(IEnumerable<EnrollmentRow> enrollments, IEnumerable<TouchRow> touches) =>
        touches
            .Where(IsOpen)
            .OrderBy(touch => touch.DueAt)
            .Select(Planned)
            .Concat(enrollments.Where(row => row.State == Inside).SelectMany(Coming));

    private string[] Planned(TouchRow touch)
    {
        // By the version in force: one that was replaced since may have had another reason.
        var step = tracks
            .Current.FirstOrDefault(track => track.Track.DefinitionId == touch.Track)
            ?.Track.Steps.GetValueOrDefault(new StepId(touch.Step));
        return
        [
            Time(touch.DueAt),
            Escape($"{touch.Content} ({touch.Track})"),
            Escape(TimelineWords.State(touch.State)),
            $"{Why(touch.Code, touch.Argument)} {Escape(SentenceOf(step, touch.Content))}",
        ];
    }

    // Not planned yet, since which way the lead will go is decided on the way.
    private IEnumerable<string[]> Coming(EnrollmentRow row)
    {
        var track = tracks.All.FirstOrDefault(track => track.Version.Value == row.TrackVersionId)?.Track;
        if (track is null || row.Tokens is null)
        {
            return [];
        }

        var standing = TokenCodec.Read(row.Tokens);
        // Who is listened to may bring it on at any time.
        var from = standing.Tokens.Any(token => token.IsListening) ? null : row.DueAt;
        return TrackOutlook
            .Ahead(track, standing)
            .Select(step =>
            {
                var what = step switch
                {
                    SendEmail mail => mail.ContentKey,
                    ContentPool pool => $"the next of {pool.Pool}",
                    HandOffToSales => "a hand-off to sales",
                    _ => "a call",
                };
                return new[]
                {
                    from is null ? "" : $"not before {Time(from)}",
                    Escape($"{what} ({row.Track})"),
                    "may come next",
                    Escape(SentenceOf(step, what)),
                };
            });
    }

    private static string SentenceOf(Step? step, string content) =>
        step?.Journey?.Sentence(
            new LocalisedText(content, content),
            step is SendEmail or ContentPool ? Mail : Person
        ).English ?? "Its journey sentence is missing.";
}
