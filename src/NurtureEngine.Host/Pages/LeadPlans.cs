using NurtureEngine.Core;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Actions;
using NurtureEngine.Core.Tracks.Running;
using NurtureEngine.Postgres.Touches;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Pages;

/// <summary>Why touches are there, and what the tracks of a lead may bring next.</summary>
internal sealed class LeadPlans(TrackSet tracks)
{
    /// <summary>What the author of the step says; null where they have said nothing.</summary>
    public LocalisedText? PurposeOf(TouchRow touch) =>
        // By the version in force: one that was replaced since may have had another reason.
        SentenceOf(
            tracks
                .Current.FirstOrDefault(track => track.Track.DefinitionId == touch.Track)
                ?.Track.Steps.GetValueOrDefault(new StepId(touch.Step)),
            touch.Content
        );

    /// <summary>What may come after where an enrollment stands; nothing where it has ended.</summary>
    public IEnumerable<LeadComing> Coming(EnrollmentRow row)
    {
        var track = tracks.All.FirstOrDefault(track => track.Version.Value == row.TrackVersionId)?.Track;
        if (row.State != (short)EnrollmentState.Active || track is null || row.Tokens is null)
        {
            return [];
        }

        var standing = TokenCodec.Read(row.Tokens);
        // While a step waits for the lead, the next one may start at any time.
        var from = standing.Tokens.Any(token => token.IsListening) ? null : row.DueAt;
        return TrackOutlook
            .Ahead(track, standing)
            .Select(step =>
            {
                var what = step switch
                {
                    SendEmail mail => mail.ContentKey,
                    ContentPool pool => pool.Pool,
                    _ => step.Name,
                };
                return new LeadComing(what, row.Track, from, SentenceOf(step, what));
            });
    }

    private static LocalisedText? SentenceOf(Step? step, string content) =>
        step?.Journey?.Sentence(
            new LocalisedText(content, content),
            step is SendEmail or ContentPool ? Journey.ByMail : Journey.ByPerson
        );
}
