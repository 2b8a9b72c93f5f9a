using Microsoft.Extensions.Options;
using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Gates;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Settings;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Touches;

/// <summary>Asks the gate about a group of touches and renders those that may leave or that a person must see.</summary>
internal sealed partial class GateKeeper(
    ContentCatalog contents,
    TrackCatalog tracks,
    CurrentRulebook rulebook,
    Installation installation,
    IOptions<NurtureOptions> options,
    ILogger<GateKeeper> logger
)
{
    public (List<GatedTouch> Gated, List<EmailEnvelope> Envelopes) Decide(
        IReadOnlyList<ClaimedTouch> touches,
        GateTransaction transaction,
        DateTimeOffset now
    )
    {
        var gated = new List<GatedTouch>();
        var envelopes = new List<EmailEnvelope>();
        foreach (var touch in touches)
        {
            gated.Add(DecideSafely(touch, transaction, envelopes, now));
        }

        return (gated, envelopes);
    }

    private GatedTouch DecideSafely(
        ClaimedTouch touch,
        GateTransaction transaction,
        List<EmailEnvelope> envelopes,
        DateTimeOffset now
    )
    {
        try
        {
            return Decide(touch, transaction, envelopes, now);
        }
#pragma warning disable CA1031 // One broken touch must not hold up its group; it is skipped with its error.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogGateFailed(exception, touch.Id);
            return Stopped(touch, new Verdict.Skip("gate.failed", exception.GetType().Name), now);
        }
    }

    private GatedTouch Decide(
        ClaimedTouch touch,
        GateTransaction transaction,
        List<EmailEnvelope> envelopes,
        DateTimeOffset now
    )
    {
        var (lead, account) = transaction.Leads.TryGetValue(touch.LeadId, out var found) ? found : default;
        if (lead is null)
        {
            return AskAgain(touch, "lead.moving");
        }

        if (contents.Find(touch.ContentVersionId) is not { } content)
        {
            // Another host, of a newer program perhaps, can do it.
            return AskAgain(touch, "content.unusable");
        }

        var enrollment = transaction.Enrollments[touch.EnrollmentId];
        var view = new GateView
        {
            Lead = lead,
            Account = account,
            Rulebook = rulebook.Value,
            Channel = touch.Channel,
            Purpose = content.Source.Purpose,
            IsSuppressed = transaction.Suppressed.Contains(touch.LeadId),
            IsApproved = touch.IsApproved,
            IsEnrolled = enrollment.IsLive,
            IsPaused = enrollment.IsPaused,
        };
        return Decide(touch, view, content, new TrackVersionId(enrollment.TrackVersion), transaction, envelopes, now);
    }

    private GatedTouch Decide(
        ClaimedTouch touch,
        GateView view,
        Content content,
        TrackVersionId version,
        GateTransaction transaction,
        List<EmailEnvelope> envelopes,
        DateTimeOffset now
    )
    {
        var verdict = Gate.Decide(view);
        if (verdict is Verdict.Skip or Verdict.Cancel)
        {
            return Stopped(touch, verdict, now);
        }

        if (view.IsPaused)
        {
            return AskAgain(touch, "enrollment.paused");
        }

        if (tracks.Find(version) is not { } track)
        {
            // Published within the last second, or by a newer program: who sends it is not known here.
            return AskAgain(touch, "track.unusable");
        }

        var sender = rulebook.Value.SenderFor(track.Settings.Sender);
        var (email, fault) = transaction.Drafts.TryGetValue(touch.Id, out var approved)
            ? (approved, null)
            : EmailRenderer.Render(content, view.Lead, view.Account, sender, rulebook.Value.DefaultLanguage);
        if (email is null)
        {
            return Stopped(touch, fault!, now);
        }

        if (verdict is not Verdict.Pass)
        {
            return Stopped(touch, verdict, now) with { Draft = email };
        }

        var domain = options.Value.Email.BounceDomain ?? sender.Address[(sender.Address.LastIndexOf('@') + 1)..];
        var id = new TouchId(touch.Id);
        envelopes.Add(
            new EmailEnvelope(
                id,
                touch.LeadId,
                sender,
                view.Lead.Email!,
                email,
                id.MessageIdAt(domain, installation.Id),
                now
            )
        );
        return new GatedTouch(touch, TouchState.Handing, verdict.Code, verdict.Argument, null, MakesTask: false, null);
    }

    private static GatedTouch AskAgain(ClaimedTouch touch, string code) =>
        new(touch, TouchState.Deferred, code, null, null, MakesTask: false, null);

    private GatedTouch Stopped(ClaimedTouch touch, Verdict verdict, DateTimeOffset now)
    {
        var state = verdict switch
        {
            Verdict.Hold => TouchState.AwaitingApproval,
            Verdict.Cancel => TouchState.Cancelled,
            _ => TouchState.Skipped,
        };
        DateTimeOffset? holdUntil = verdict is Verdict.Hold ? now + rulebook.Value.ApprovalExpiresAfter : null;
        return new GatedTouch(
            touch,
            state,
            verdict.Code,
            verdict.Argument,
            Draft: null,
            MakesTask: verdict is Verdict.Draft,
            holdUntil
        );
    }

    [LoggerMessage(
        EventId = 3003,
        Level = LogLevel.Error,
        Message = "The gate failed on touch {TouchId}, which is skipped"
    )]
    private partial void LogGateFailed(Exception exception, Guid touchId);
}
