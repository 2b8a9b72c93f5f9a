using Microsoft.Extensions.Options;
using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Gates;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Host.Touches;

/// <summary>Asks the gate about a group of touches and renders those that may leave or that a person must see.</summary>
internal sealed class GateKeeper(
    ContentCatalog contents,
    TrackCatalog tracks,
    CurrentRulebook rulebook,
    IOptions<NurtureOptions> options
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
            var (lead, account) = transaction.Leads.TryGetValue(touch.LeadId, out var found) ? found : default;
            if (lead is null)
            {
                gated.Add(
                    new GatedTouch(touch, TouchState.Deferred, "lead.moving", null, null, MakesTask: false, null)
                );
                continue;
            }

            if (contents.Find(touch.ContentVersionId) is not { } content)
            {
                gated.Add(Stopped(touch, new Verdict.Skip("content.unusable"), now));
                continue;
            }

            var view = new GateView
            {
                Lead = lead,
                Account = account,
                Rulebook = rulebook.Value,
                Channel = touch.Channel,
                Purpose = content.Source.Purpose,
                IsSuppressed = transaction.Suppressed.Contains(touch.LeadId),
                IsApproved = touch.IsApproved,
                IsEnrolled = transaction.Enrollments[touch.EnrollmentId].IsLive,
            };
            var sender = SenderOf(transaction.Enrollments[touch.EnrollmentId]);
            gated.Add(Decide(touch, view, content, sender, transaction, envelopes, now));
        }

        return (gated, envelopes);
    }

    private GatedTouch Decide(
        ClaimedTouch touch,
        GateView view,
        Content content,
        Sender sender,
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
        envelopes.Add(
            new EmailEnvelope(new TouchId(touch.Id), touch.LeadId, sender, view.Lead.Email!, email, domain, now)
        );
        return new GatedTouch(touch, TouchState.Handing, verdict.Code, verdict.Argument, null, MakesTask: false, null);
    }

    // A sender that the rulebook has lost since the track was published is stood in for by the default one.
    private Sender SenderOf(PlanningEnrollment enrollment)
    {
        var name = tracks.Find(new TrackVersionId(enrollment.TrackVersion))?.Settings.Sender ?? "default";
        return rulebook.Value.Senders.GetValueOrDefault(name) ?? rulebook.Value.Senders["default"];
    }

    private GatedTouch Stopped(ClaimedTouch touch, Verdict verdict, DateTimeOffset now) =>
        verdict switch
        {
            Verdict.Hold => new GatedTouch(
                touch,
                TouchState.AwaitingApproval,
                verdict.Code,
                verdict.Argument,
                null,
                MakesTask: false,
                now + rulebook.Value.ApprovalExpiresAfter
            ),
            Verdict.Draft => new GatedTouch(
                touch,
                TouchState.Skipped,
                verdict.Code,
                verdict.Argument,
                null,
                MakesTask: true,
                null
            ),
            Verdict.Cancel => new GatedTouch(
                touch,
                TouchState.Cancelled,
                verdict.Code,
                verdict.Argument,
                null,
                MakesTask: false,
                null
            ),
            _ => new GatedTouch(
                touch,
                TouchState.Skipped,
                verdict.Code,
                verdict.Argument,
                null,
                MakesTask: false,
                null
            ),
        };
}
