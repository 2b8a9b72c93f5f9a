using NurtureEngine.Scriban.Syntax;

namespace NurtureEngine.Scriban.Evaluation;

/// <summary>Runs loops, a step counted for each round.</summary>
internal sealed partial class Renderer
{
    private Flow RunFor(Statement.For loop)
    {
        var source = Evaluate(loop.Source);
        var items =
            Values.Items(source)
            ?? throw new ScriptFailure(
                "A 'for' goes through a list, a range, a text or an object; this is none.",
                loop.Source.At
            );
        var chosen = Chosen(items, loop);
        if (chosen.Count == 0)
        {
            return Run(loop.Else);
        }

        var state = _loop = new LoopState("for", chosen.Count, _loop);
        var restore = Assignment.Remember(loop.Target, this);
        try
        {
            for (var i = 0; i < chosen.Count; i++)
            {
                Budget.Step(loop.At);
                state.Index = i;
                state.HasChanged = i == 0 || !Operators.AreEqual(chosen[i - 1], chosen[i], this, loop.At);
                Assignment.Set(loop.Target, chosen[i], this);
                var flow = Run(loop.Body);
                if (flow is Flow.Break or Flow.Return)
                {
                    return flow == Flow.Return ? flow : Flow.Next;
                }
            }

            return Flow.Next;
        }
        finally
        {
            _loop = state.Outer;
            restore();
        }
    }

    private List<object?> Chosen(IEnumerable<object?> items, Statement.For loop)
    {
        if (loop.Offset is { } offset)
        {
            items = items.Skip((int)Math.Clamp(Calls.Integer(Evaluate(offset), offset.At), 0, int.MaxValue));
        }

        if (loop.Limit is { } limit)
        {
            items = items.Take((int)Math.Clamp(Calls.Integer(Evaluate(limit), limit.At), 0, int.MaxValue));
        }

        var chosen = new List<object?>(items.TryGetNonEnumeratedCount(out var count) ? count : 0);
        foreach (var item in items)
        {
            Budget.Step(loop.At);
            chosen.Add(item);
        }

        if (loop.IsReversed)
        {
            chosen.Reverse();
        }

        return chosen;
    }

    private Flow RunWhile(Statement.While loop)
    {
        var state = _loop = new LoopState("while", length: -1, _loop);
        try
        {
            for (; Values.IsTrue(Evaluate(loop.Condition)); state.Index++)
            {
                Budget.Step(loop.At);
                var flow = Run(loop.Body);
                if (flow is Flow.Break or Flow.Return)
                {
                    return flow == Flow.Return ? flow : Flow.Next;
                }
            }

            return Flow.Next;
        }
        finally
        {
            _loop = state.Outer;
        }
    }
}
