namespace NurtureEngine.Scriban.Evaluation;

/// <summary>
/// Where a loop stands, for <c>for.index</c> and its like. The length is -1 for a <c>while</c>, which does not know it; outer is
/// the loop around it, or null.
/// </summary>
internal sealed class LoopState(string kind, int length, LoopState? outer)
{
    public LoopState? Outer => outer;

    public string Kind => kind;

    public int Index { get; set; }

    public bool HasChanged { get; set; } = true;

    /// <summary>Null where there is no such member.</summary>
    public object? Member(string name) =>
        name switch
        {
            "index" => (long)Index,
            "first" => Index == 0,
            "even" => Index % 2 == 0,
            "odd" => Index % 2 == 1,
            "changed" => HasChanged,
            "length" when length >= 0 => (long)length,
            "rindex" when length >= 0 => (long)(length - Index - 1),
            "last" when length >= 0 => Index == length - 1,
            _ => null,
        };
}
