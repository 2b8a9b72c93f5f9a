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

    /// <summary>It is not sent; the track goes on.</summary>
    public sealed record Skip(string Code, string? Argument = null) : Verdict(Code, Argument);

    /// <summary>What it belongs to is over.</summary>
    public sealed record Cancel(string Code, string? Argument = null) : Verdict(Code, Argument);
}
