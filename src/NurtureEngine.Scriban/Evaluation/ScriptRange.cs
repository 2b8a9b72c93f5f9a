namespace NurtureEngine.Scriban.Evaluation;

/// <summary><c>1..5</c>: whole numbers, both ends included, counted up or down; made as they are asked for.</summary>
internal sealed record ScriptRange(long From, long To)
{
    public IEnumerable<object?> Items()
    {
        var step = From <= To ? 1 : -1;
        for (var i = From; step > 0 ? i <= To : i >= To; i += step)
        {
            yield return i;
        }
    }
}
