using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Channels;
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
    ILogger<GateKeeper> logger
)
{
    public (List<GatedTouch> Gated, List<ComposedMessage> Messages) Decide(
        IChannel channel,
        IReadOnlyList<ClaimedTouch> touches,
        GateScene scene,
        Rulebook rulebook,
        DateTimeOffset now
    )
    {
        var gated = new List<GatedTouch>();
        var messages = new List<ComposedMessage>();
        foreach (var touch in touches)
        {
            gated.Add(DecideSafely(touch, new GateMoment(channel, scene, rulebook, now), messages));
        }

        return (gated, messages);
    }

    private GatedTouch DecideSafely(ClaimedTouch touch, GateMoment at, List<ComposedMessage> messages)
    {
        try
        {
            return Decide(touch, at, messages);
        }
#pragma warning disable CA1031 // One broken touch must not hold up its group; it is skipped with its error.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogGateFailed(exception, touch.Id);
            return Turned(touch, new Verdict.Skip("gate.failed", exception.GetType().Name), at);
        }
    }

    private GatedTouch Decide(ClaimedTouch touch, GateMoment at, List<ComposedMessage> messages)
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
            // The other piece was approved, not this one.
            view = view with
            {
                Content = replace.Piece,
                Purpose = content.Source.Purpose,
                IsRepeated = false,
                IsApproved = false,
            };
            verdict = gate.Decide(view);
        }

        return Follow(
            touch,
            new ChannelSubject(new TouchId(touch.Id), touch.LeadId, view, track, content),
            verdict,
            at,
            messages,
            enrollment
        ) with
        {
            ContentVersion = other,
        };
    }

    private static GatedTouch Follow(
        ClaimedTouch touch,
        ChannelSubject subject,
        Verdict verdict,
        GateMoment at,
        List<ComposedMessage> messages,
        PlanningEnrollment enrollment
    )
    {
        var view = subject.View;
        if (verdict is not (Verdict.Pass or Verdict.Hold or Verdict.Draft))
        {
            return Turned(touch, verdict, at);
        }

        var approved = view.IsApproved ? at.Scene.Drafts.GetValueOrDefault(touch.Id) : null;
        var (email, fault) = approved is null ? at.Channel.Render(subject) : (approved, null);
        if (email is null)
        {
            return Turned(touch, fault!, at);
        }

        if (verdict is not Verdict.Pass)
        {
            return Turned(touch, verdict, at) with { Draft = email };
        }

        var message = at.Channel.Compose(subject, email);
        messages.Add(message);
        // The next of the same group sees that the lead has it.
        at.Scene.Had.Add(touch.LeadId, view.Content);
        return new GatedTouch(touch, TouchState.Handing, verdict.Code, verdict.Argument)
        {
            Message = new KeptMessage(MessageArchive.Pack(message.Kept), message.Links, message.Address),
            Reservation = Reserve(touch, view, at, enrollment),
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
        var address = at.Channel.AddressOf(lead);
        return new GateView
        {
            Now = at.Now,
            Lead = lead,
            Account = account,
            Rulebook = at.Rulebook,
            Settings = track.Settings,
            Channel = touch.Channel,
            Address = address,
            IsAddressUsable = address is not null && at.Channel.IsUsable(address),
            Purpose = content.Source.Purpose,
            Content = content.Source.Key,
            Suppression = at.Scene.Suppressed.GetValueOrDefault(touch.LeadId),
            IsApproved = touch.IsApproved,
            IsStopped = at.Scene.Stopped.Contains(touch.Channel),
            IsEnrolled = enrollment.IsLive,
            IsPaused = enrollment.IsPaused,
            IsBehind = at.Scene.Due.HasMoreUrgent(touch.LeadId, account?.Id?.Value, touch.Priority),
            IsRepeated = had.Contains(content.Source.Key),
            NextPiece = content.Source.Pool is { } pool ? contents.Pools.Next(pool, had) : null,
            Cadence = at.Scene.History.ViewOf(
                [.. at.Scene.Sharing[touch.LeadId]],
                address is null ? null : at.Channel.IdentityOf(address),
                account?.Id?.Value,
                enrollment.TrackId,
                at.Rulebook.ZoneOf(lead),
                at.Rulebook.CalendarOf(lead)
            ),
        };
    }

    // Service is no part of a cadence: it neither waits for it nor uses it up.
    private static Reservation? Reserve(ClaimedTouch touch, GateView view, GateMoment at, PlanningEnrollment enrollment)
    {
        if (!view.IsMarketing)
        {
            return null;
        }

        var reservation = new Reservation(
            view.Account?.Id?.Value,
            at.Channel.IdentityOf(view.Address!),
            enrollment.TrackId
        );
        at.Scene.History.Add(
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

/// <summary>What a group is judged by: its channel, what is known of it, the settings in force, and the moment (business time).</summary>
internal sealed record GateMoment(IChannel Channel, GateScene Scene, Rulebook Rulebook, DateTimeOffset Now);
