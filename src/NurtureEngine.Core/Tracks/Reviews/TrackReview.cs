using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Core.Tracks.Activities.Actions;
using NurtureEngine.Core.Tracks.Activities.Branches;

namespace NurtureEngine.Core.Tracks.Reviews;

/// <summary>The questions that a team asks before a track goes live. Definitions that can't run are reported by the compiler.</summary>
public static class TrackReview
{
    /// <summary>What is said of a link whose address is a sample, and is in no public name system.</summary>
    public const string SampleLink = "SampleAddress";

    // Customer tracks end with the customer's date; a bottom-funnel track ends with sales; a reactivation track may end without a successor.
    private static readonly string[] MayBeLast = ["customer", "bottom-funnel", "reactivation"];

    // Leads are sent through these by what they do, not by the calendar.
    private static readonly string[] WithoutHabit = ["welcome", "customer", "bottom-funnel", "mid-funnel"];

    private static readonly string[] ByRole = ["drip", "reactivation", "viewpoint", "product"];

    /// <summary>All findings, those of the whole track first.</summary>
    public static IReadOnlyList<ReviewFinding> Of(Track track, ReviewScene scene) =>
        [
            .. OfSettings(track),
            .. RivalTracks.Of(track, scene.Others).Select(other => new ReviewFinding("review.rival", null, other)),
            .. Capacity(track, scene),
            .. track
                .Steps.Values.Where(step => step.ReachesLead)
                .OrderBy(step => step.Name, StringComparer.Ordinal)
                .SelectMany(step => OfStep(track, step, scene)),
        ];

    /// <summary>The links that a content leads to, where its templates say them; those that a lead's values make up are left out.</summary>
    public static IEnumerable<string> LinksOf(ContentSource content) =>
        content.Languages.Values.SelectMany(text => ContentLinks.Of(text.Html)).Distinct(StringComparer.Ordinal);

    private static IEnumerable<ReviewFinding> OfSettings(Track track)
    {
        var settings = track.Settings;
        if (settings.TimeLimit is null)
        {
            yield return new ReviewFinding("review.no_time_limit", null);
        }

        if (settings.Successor is null && !MayBeLast.Contains(settings.Type) && !track.LeadsTo.Any())
        {
            yield return new ReviewFinding("review.no_successor", null);
        }

        var waitsForSlot = track.Steps.Values.Any(step => step is Activities.Waits.WaitForSlot);
        if (settings.Cadence?.Slots.IsEmpty != false && !waitsForSlot && !WithoutHabit.Contains(settings.Type))
        {
            yield return new ReviewFinding("review.no_slot", null);
        }

        if (ByRole.Contains(settings.Type) && !track.Steps.Values.Any(step => step is BranchByRole))
        {
            yield return new ReviewFinding("review.no_roles", null);
        }
    }

    private static IEnumerable<ReviewFinding> OfStep(Track track, Step step, ReviewScene scene)
    {
        if (step.Journey is null)
        {
            yield return new ReviewFinding("review.no_journey", step.Id);
        }

        var languages = track
            .Steps.Values.SelectMany(scene.ContentsOf)
            .SelectMany(content => content.Languages.Keys)
            .Append(scene.DefaultLanguage)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        foreach (var content in scene.ContentsOf(step))
        {
            foreach (var language in languages.Except(content.Languages.Keys, StringComparer.OrdinalIgnoreCase))
            {
                yield return new ReviewFinding("review.no_language", step.Id, content.Key, language);
            }

            foreach (var finding in OfContent(content, scene))
            {
                yield return finding with
                {
                    Step = step.Id,
                };
            }
        }

        foreach (var role in RoleBranches.RolesAt(track, step.Id))
        {
            var pieces = scene.ContentsOf(step).ToList();
            if (pieces.Count > 0 && pieces.TrueForAll(content => !IsFor(content, role)))
            {
                yield return new ReviewFinding("review.other_role", step.Id, pieces[0].Key, role);
            }
        }
    }

    private static IEnumerable<ReviewFinding> OfContent(ContentSource content, ReviewScene scene)
    {
        if (content.Metadata?.CallToAction is null)
        {
            yield return new ReviewFinding("review.no_action", null, content.Key);
        }

        if (content.Languages.Values.Any(text => ContentLinks.ButtonsIn(text.Html) > 1))
        {
            yield return new ReviewFinding("review.several_actions", null, content.Key);
        }

        foreach (var link in LinksOf(content))
        {
            if (scene.DeadLinks.TryGetValue(link, out var answer))
            {
                yield return answer == SampleLink
                    ? new ReviewFinding("review.sample_link", null, content.Key, link)
                    : new ReviewFinding("review.dead_link", null, content.Key, link, answer);
            }
        }
    }

    // An average lead is taken to meet each call and each message once: an upper bound, since branches exclude each other.
    private static IEnumerable<ReviewFinding> Capacity(Track track, ReviewScene scene)
    {
        var calls = (scene.EntriesPerDay ?? 0) * track.Steps.Values.Count(step => step is CreateCallTask);
        if (scene.CallsPerDay is { } mostCalls && calls > mostCalls)
        {
            yield return new ReviewFinding("review.calls", null, Rounded(calls), Rounded(mostCalls));
        }

        var messages = track.Steps.Values.Count(step => step.ReachesLead && step is not CreateCallTask);
        var approvals = (scene.EntriesPerDay ?? 0) * (scene.ShareToApprove ?? 0) * messages;
        if (scene.ApprovalsPerDay is { } mostApprovals && approvals > mostApprovals)
        {
            yield return new ReviewFinding("review.approvals", null, Rounded(approvals), Rounded(mostApprovals));
        }
    }

    private static string Rounded(double number) =>
        Math.Ceiling(number).ToString("0", System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsFor(ContentSource content, string role) =>
        content.Metadata?.Roles is not { IsEmpty: false } roles
        || roles.Contains(role, StringComparer.OrdinalIgnoreCase);
}
