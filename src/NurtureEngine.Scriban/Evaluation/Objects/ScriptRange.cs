namespace NurtureEngine.Scriban.Evaluation.Objects;

/// <summary><c>1..5</c>: so many whole numbers, counted up or down by <paramref name="Step"/>; made as they are asked for.</summary>
internal sealed record ScriptRange(long From, long Step, decimal Count)
{
    /// <summary>Both ends included.</summary>
    public static ScriptRange To(long from, long to) =>
        new(from, from <= to ? 1 : -1, Math.Abs((decimal)to - from) + 1);

    /// <summary>The second end left out, whichever way it counts.</summary>
    public static ScriptRange Before(long from, long to) => To(from, to) with { Count = Math.Abs((decimal)to - from) };

    public IEnumerable<object?> Items()
    {
        // By count: the ends may be the last numbers there are.
        for (long i = 0; i < (long)Count; i++)
        {
            yield return From + (i * Step);
        }
    }
}
