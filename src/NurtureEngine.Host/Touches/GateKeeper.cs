using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Gates;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Gates;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Touches;

/// <summary>Asks the gate about a group of touches; what passes is reserved within the group at once.</summary>
internal sealed partial class GateKeeper(
    Gate gate,
    ContentCatalog contents,
    TrackCatalog tracks,
    MessageWriter messages,
    ILogger<GateKeeper> logger
)
{
    public (List<GatedTouch> Gated, List<EmailEnvelope> Envelopes) Decide(
        IReadOnlyList<ClaimedTouch> touches,
        GateScene scene,
        Rulebook rulebook,
        DateTimeOffset now
    )
    {
        var gated = new List<GatedTouch>();
        var envelopes = new List<EmailEnvelope>();
        foreach (var touch in touches)
        {
            gated.Add(DecideSafely(touch, new GateMoment(scene, rulebook, now), envelopes));
        }

        return (gated, envelopes);
    }

    private GatedTouch DecideSafely(ClaimedTouch touch, GateMoment at, List<EmailEnvelope> envelopes)
    {
        try
        {
            return Decide(touch, at, envelopes);
        }
#pragma warning disable CA1031 // One broken touch must not hold up its group; it is skipped with its error.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogGateFailed(exception, touch.Id);
            return Turned(touch, new Verdict.Skip("gate.failed", exception.GetType().Name), at);
        }
    }

    private GatedTouch Decide(ClaimedTouch touch, GateMoment at, List<EmailEnvelope> envelopes)
    {
        var (lead, account) = at.Scene.Leads.TryGetValue(touch.LeadId, out var found) ? found : default;
        if (lead is null || !at.Scene.Enrollments.TryGetValue(touch.EnrollmentId, out var enrollment))
        {
            return Turned(touch, new Verdict.Wait("lead.moving"), at);
        }

        if (contents.Find(touch.ContentVersionId) is not { } content)
        {
            // Another host, of a newer program perhaps, can do it.
            return Turned(touch, new Verdict.Wait("content.unusable"), at);
        }

        if (tracks.Find(new TrackVersionId(enrollment.TrackVersion)) is not { } track)
        {
            // Published within the last second, or by a newer program: what its settings are is not known here.
            return Turned(touch, new Verdict.Wait("track.unusable"), at);
        }

        var view = ViewOf(touch, at, lead, account, enrollment, track, content);
        var verdict = gate.Decide(view);
        int? other = null;
        if (verdict is Verdict.Replace replace)
        {
            other = contents.Current[replace.Piece];
            content = contents.Find(other.Value)!;
            // A yes was said to the other piece.
            view = view with
            {
                Content = replace.Piece,
                Purpose = content.Source.Purpose,
                IsRepeated = false,
                IsApproved = false,
            };
            verdict = gate.Decide(view);
        }

        return Follow(new Subject(touch, view, track, content), verdict, at, envelopes, enrollment) with
        {
            ContentVersion = other,
        };
    }

    private GatedTouch Follow(
        Subject subject,
        Verdict verdict,
        GateMoment at,
        List<EmailEnvelope> envelopes,
        PlanningEnrollment enrollment
    )
    {
        var (touch, view, _, _) = subject;
        if (verdict is not (Verdict.Pass or Verdict.Hold or Verdict.Draft))
        {
            return Turned(touch, verdict, at);
        }

        var approved = view.IsApproved ? at.Scene.Drafts.GetValueOrDefault(touch.Id) : null;
        var (email, fault) = approved is null ? messages.Render(subject) : (approved, null);
        if (email is null)
        {
            return Turned(touch, fault!, at);
        }

        if (verdict is not Verdict.Pass)
        {
            return Turned(touch, verdict, at) with { Draft = email };
        }

        var (envelope, kept) = messages.Write(subject, email);
        envelopes.Add(envelope);
        // The next of the same group sees that the lead has it.
        at.Scene.Had.Add(touch.LeadId, view.Content);
        return new GatedTouch(touch, TouchState.Handing, verdict.Code, verdict.Argument)
        {
            Message = kept,
            Reservation = Reserve(touch, view, at.Scene, enrollment),
        };
    }

    private GateView ViewOf(
        ClaimedTouch touch,
        GateMoment at,
        Lead lead,
        Account? account,
        PlanningEnrollment enrollment,
        Track track,
        Content content
    )
    {
        var had = at.Scene.Had.Of(touch.LeadId);
        return new GateView
        {
            Now = at.Now,
            Lead = lead,
            Account = account,
            Rulebook = at.Rulebook,
            Settings = track.Settings,
            Channel = touch.Channel,
            Purpose = content.Source.Purpose,
            Content = content.Source.Key,
            Suppression = at.Scene.Suppressed.GetValueOrDefault(touch.LeadId),
            IsApproved = touch.IsApproved,
            IsStopped = at.Scene.Stopped.Contains(touch.Channel),
            IsEnrolled = enrollment.IsLive,
            IsPaused = enrollment.IsPaused,
            IsRepeated = had.Contains(content.Source.Key),
            NextPiece = content.Source.Pool is { } pool ? contents.Pools.Next(pool, had) : null,
            Cadence = at.Scene.History.ViewOf(
                touch.LeadId,
                AddressOf(lead),
                account?.Id?.Value,
                enrollment.TrackId,
                at.Rulebook.ZoneOf(lead),
                at.Rulebook.CalendarOf(lead)
            ),
        };
    }

    // Service is no part of a cadence: it neither waits for it nor uses it up.
    private static Reservation? Reserve(
        ClaimedTouch touch,
        GateView view,
        GateScene scene,
        PlanningEnrollment enrollment
    )
    {
        if (!view.IsMarketing)
        {
            return null;
        }

        var reservation = new Reservation(view.Account?.Id?.Value, AddressOf(view.Lead)!, enrollment.TrackId);
        scene.History.Add(
            new SentTouch(
                touch.Id,
                touch.LeadId,
                reservation.Address,
                reservation.Account,
                new PastTouch(view.Now, enrollment.TrackId)
            )
        );
        return reservation;
    }

    private static string? AddressOf(Lead lead) => lead.Email is { } email ? EmailAddress.Identity(email) : null;

    private static GatedTouch Turned(ClaimedTouch touch, Verdict verdict, GateMoment at) =>
        verdict switch
        {
            Verdict.Wait => new GatedTouch(touch, TouchState.Deferred, verdict.Code, verdict.Argument),
            Verdict.Defer defer => new GatedTouch(touch, TouchState.Planned, verdict.Code, verdict.Argument)
            {
                MovesTo = defer.Until,
            },
            Verdict.Hold => new GatedTouch(touch, TouchState.AwaitingApproval, verdict.Code, verdict.Argument)
            {
                HoldUntil = at.Now + at.Rulebook.ApprovalExpiresAfter,
            },
            Verdict.Cancel => new GatedTouch(touch, TouchState.Cancelled, verdict.Code, verdict.Argument),
            Verdict.Skip or Verdict.Draft => new GatedTouch(touch, TouchState.Skipped, verdict.Code, verdict.Argument)
            {
                MakesTask = verdict is Verdict.Draft,
            },
            _ => throw new InvalidOperationException($"The verdict '{verdict.Code}' turns nothing away."),
        };

    [LoggerMessage(
        EventId = 3003,
        Level = LogLevel.Error,
        Message = "The gate failed on touch {TouchId}, which is skipped"
    )]
    private partial void LogGateFailed(Exception exception, Guid touchId);
}

/// <summary>A touch before the gate: what is known of it, the track that planned it, and what it would leave with.</summary>
internal sealed record Subject(ClaimedTouch Touch, GateView View, Track Track, Content Content);

/// <summary>What a group is judged by: what is known of it, the settings in force, and the moment (business time).</summary>
internal sealed record GateMoment(GateScene Scene, Rulebook Rulebook, DateTimeOffset Now);
