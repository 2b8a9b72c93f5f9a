using System.Security.Cryptography;
using System.Text;
using NurtureEngine.Core.Outgoing;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Handoffs;

/// <summary>The chat message about a hand-off: who, and why now. The lead's address and telephone number are in the brief only.</summary>
public static class HandoffAlert
{
    /// <summary>The decisions of a turn, with an alert to each target for each hand-off among them.</summary>
    public static IEnumerable<Decision> With(IEnumerable<Decision> decisions, IReadOnlyCollection<string> targets) =>
        decisions.SelectMany(decision =>
            decision is Decision.Offer offer
                ? targets.Select(Decision (target) => Of(offer.Handoff, target)).Prepend(decision)
                : [decision]
        );

    private static Decision.Emit Of(Handoff handoff, string target) =>
        new(
            handoff.Step,
            new OutboxMessage.Alert(IdOf(handoff, target), target, handoff.Brief.Headline, handoff.Brief.Why)
        );

    // The same for each attempt at the step, so that a step that runs again alerts once.
    private static Guid IdOf(Handoff handoff, string target) =>
        new(SHA256.HashData([.. handoff.Id.Value.ToByteArray(), .. Encoding.UTF8.GetBytes(target)]).AsSpan(..16));
}
