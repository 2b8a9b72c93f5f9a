namespace NurtureEngine.Scriban.Evaluation;

/// <summary><c>1..5</c>: whole numbers, both ends included, counted up or down; made as they are asked for.</summary>
internal sealed record ScriptRange(long From, long To)
{
    public IEnumerable<object?> Items()
    {
        // By count: the ends may be the last numbers there are.
        var (step, count) = (From <= To ? 1 : -1, Math.Abs(To - From) + 1);
        for (long i = 0; i < count; i++)
        {
            yield return From + (i * step);
        }
    }
}
