namespace NurtureEngine.Scriban.Evaluation;

/// <summary>Ends a rendering; caught once, where it began.</summary>
internal sealed class ScriptFailure(string message, int at) : Exception(message)
{
    public int At => at;

    /// <summary>The field that had no value, where that is the cause.</summary>
    public Absent? Missing { get; init; }

    /// <summary>Whether a bound was passed, rather than a mistake made.</summary>
    public bool IsBound { get; init; }
}
