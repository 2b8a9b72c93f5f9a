namespace NurtureEngine.Host.Touches;

/// <summary>
/// How many groups leave at a time, found by trying: more where more touches leave for it, fewer where as many do. A server that is slow to answer gets
/// as many as there are connections; where processor or database are what is slow, more would only grow old.
/// </summary>
internal sealed class LaneCount
{
    /// <summary>It begins with so many, and goes no lower.</summary>
    public const int Fewest = 8;

    // What a step up must bring, and what a step down must keep.
    private const double Gain = 1.05;
    private const double Loss = 1.0;

    // Turns until the next try.
    private const int Pause = 4;

    private volatile int _now = Fewest;
    private int _before = Fewest;
    private int _direction = 1;
    private int _pause;
    private double _rate;

    /// <summary>How many, of as many connections as there are.</summary>
    public int Within(int connections) => Math.Min(_now, connections);

    /// <summary>Learns from a turn in which there was work for every lane.</summary>
    /// <param name="rate">How many touches were handed over a second.</param>
    /// <param name="connections">How many connections there are.</param>
    public void Learn(double rate, int connections)
    {
        if (_pause > 0)
        {
            // Rates vary from turn to turn: a step is compared with the mean of those before it.
            (_pause, _rate) = (_pause - 1, (_rate + rate) / 2);
        }
        else if (_now != _before && rate < _rate * (_direction > 0 ? Gain : Loss))
        {
            _now = _before;
            Turn();
        }
        else
        {
            var step = Math.Max(2, _now / 4) * _direction;
            // Where nothing was tried, the mean of the turns before says more than this one.
            _rate = _now == _before && _rate > 0 ? (_rate + rate) / 2 : rate;
            _before = _now;
            _now = Math.Clamp(_now + step, Fewest, Math.Max(Fewest, connections));
            if (_now == _before)
            {
                Turn();
            }
        }
    }

    private void Turn() => (_direction, _pause) = (-_direction, Pause);
}
