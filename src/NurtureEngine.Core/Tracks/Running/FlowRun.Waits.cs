using NurtureEngine.Core.Tracks.Activities;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>How waits end: by their time, or by a signal.</summary>
internal sealed partial class FlowRun
{
    private void Wake(Token token)
    {
        if (_park is not null || _isOver || !_waiting.Remove(token))
        {
            return;
        }

        var step = _track.Steps.GetValueOrDefault(token.Step);
        if (step is not null && token.IsLookingAgain)
        {
            Act(token, step);
        }
        else
        {
            Leave(token, [step?.DuePort ?? Step.Done]);
        }

        EnterOpen();
    }

    // What nobody waits for now is kept for who comes to wait for it.
    private void Hear(Signal signal)
    {
        var keys = signal.Keys.Where(_track.HeardKeys.Contains).ToList();
        var waiting = _waiting
            .Where(token =>
                token.IsListening
                && (signal.Visit is null || signal.Visit == token.Visit)
                && PortFor(token.Step, keys) is not null
            )
            .ToList();
        // An answer that nobody waits for any more is for nobody.
        if (waiting.Count == 0 && signal.Visit is null)
        {
            _heard = _heard.Union(keys);
        }

        foreach (var token in waiting)
        {
            if (_park is null && !_isOver && _waiting.Remove(token))
            {
                Leave(token, [PortFor(token.Step, keys)!]);
                EnterOpen();
            }
        }
    }

    private string? PortFor(StepId step, IEnumerable<string> keys) =>
        _track.Steps.GetValueOrDefault(step) is { } found
            ? keys.Select(key => found.Awaits.GetValueOrDefault(key)).FirstOrDefault(port => port is not null)
            : null;

    private void Listen(Token token, Step step, DateTimeOffset? until)
    {
        if (PortFor(step.Id, _heard) is { } port)
        {
            _heard = _heard.Except(step.Awaits.Keys);
            Leave(token, [port]);
            return;
        }

        _waiting.Add(token with { WakeAt = until, IsListening = true });
    }
}
