namespace NurtureEngine.Core.Gates;

/// <summary>
/// The gate's word on a touch: a stable code, and an argument that names what it is about (never personal data). Sentences
/// for people are made from these.
/// </summary>
public abstract record Verdict(string Code, string? Argument)
{
    /// <summary>The touch may leave now.</summary>
    public sealed record Pass() : Verdict("gate.passed", null);

    /// <summary>A person must say yes first.</summary>
    public sealed record Hold(string Code, string? Argument = null) : Verdict(Code, Argument);

    /// <summary>The engine may not send it; a person gets it as a draft and a task.</summary>
    public sealed record Draft(string Code, string? Argument = null) : Verdict(Code, Argument);

    /// <summary>Not now: it is asked about again at the given moment (business time, UTC), the next one that is allowed.</summary>
    public sealed record Defer(string Code, string? Argument, DateTimeOffset Until) : Verdict(Code, Argument);

    /// <summary>Not now, and nobody knows when: it is asked about again in a while.</summary>
    public sealed record Wait(string Code) : Verdict(Code, null)
    {
        /// <summary>The code where something more urgent goes first.</summary>
        public const string Behind = "priority.behind";
    }

    /// <summary>Another content takes the place of its own, and is judged in its turn; the argument is its key.</summary>
    public sealed record Replace(string Code, string Piece) : Verdict(Code, Piece);

    /// <summary>It is not sent; the track goes on.</summary>
    public sealed record Skip(string Code, string? Argument = null) : Verdict(Code, Argument);

    /// <summary>What it belongs to is over.</summary>
    public sealed record Cancel(string Code, string? Argument = null) : Verdict(Code, Argument);
}
