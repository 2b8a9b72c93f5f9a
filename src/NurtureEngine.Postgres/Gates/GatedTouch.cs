using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Touches;
using NurtureEngine.Postgres.Touches;

namespace NurtureEngine.Postgres.Gates;

/// <summary>A touch as the gate leaves it: its new state, and the verdict's code and argument.</summary>
public sealed record GatedTouch(ClaimedTouch Touch, string State, string Code, string? Argument)
{
    /// <summary>The draft for a person; null where none is needed.</summary>
    public RenderedEmail? Draft { get; init; }

    /// <summary>Whether a person gets it as a task.</summary>
    public bool MakesTask { get; init; }

    /// <summary>Until when a person may say yes, business time.</summary>
    public DateTimeOffset? HoldUntil { get; init; }

    /// <summary>The moment to which it moves, business time; null where it stays.</summary>
    public DateTimeOffset? MovesTo { get; init; }

    /// <summary>The content that it leaves with, where another takes the place of its own.</summary>
    public int? ContentVersion { get; init; }

    /// <summary>What caps count of it; null where they do not.</summary>
    public Reservation? Reservation { get; init; }

    /// <summary>The message as it leaves, compressed, and where its links lead; null where none leaves.</summary>
    public KeptMessage? Message { get; init; }

    /// <summary>Whether it waits for a pause, or a stop, to be over: who ends that gives it back.</summary>
    public bool IsHeld => State == TouchState.Deferred && Code is "enrollment.paused" or "sending.stopped";

    /// <summary>Whether the touch has come to its end here.</summary>
    public bool IsSettled => State is TouchState.Skipped or TouchState.Cancelled;
}

/// <summary>What is reserved under the caps of an address and an account.</summary>
public sealed record Reservation(long? Account, string Address, int Track);

/// <summary>A message kept as it left: compressed, where its links lead, and to which address it went (trimmed, lower case).</summary>
public sealed record KeptMessage(byte[] Body, string[] Links, string Recipient);
