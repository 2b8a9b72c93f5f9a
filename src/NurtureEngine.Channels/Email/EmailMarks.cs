using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email;

/// <summary>What e-mails carry of the engine that sends them; each is asked for when a message is composed, since keys are loaded late.</summary>
public sealed class EmailMarks
{
    /// <summary>The links of messages that leave from now on.</summary>
    public required Func<MessageLinks> Links { get; init; }

    /// <summary>What signs return paths.</summary>
    public required Func<byte[]> ReturnPathKey { get; init; }

    /// <summary>What tells this database from every other; part of each Message-ID.</summary>
    public required Func<Guid> Installation { get; init; }

    /// <summary>
    /// The domain of Message-IDs and of the addresses to which failures are reported; null takes that of the sender's address, and the
    /// address itself.
    /// </summary>
    public string? BounceDomain { get; init; }

    /// <summary>The Message-ID of a touch by a sender.</summary>
    internal string MessageIdOf(TouchId touch, Sender sender) => touch.MessageIdAt(DomainFor(sender), Installation());

    /// <summary>The domain of a sender's Message-IDs.</summary>
    internal string DomainFor(Sender sender) => BounceDomain ?? sender.Address[(sender.Address.LastIndexOf('@') + 1)..];
}
