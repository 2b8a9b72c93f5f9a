namespace NurtureEngine.Host.Touches;

/// <summary>
/// How many touches go through the gate together: as many as leave while their verdicts are good. It falls to what a slow server took in time, and grows
/// again, quickly up to half of that and a little at a time beyond.
/// </summary>
internal sealed class GroupSize
{
    /// <summary>The most; no crash leaves more uncertain than this, times the connections.</summary>
    public const int Most = 64;

    private volatile int _now = Most;
    private volatile int _tooMany = Most;

    public int Now => _now;

    /// <summary>Learns from a group of which so many were handed over and so many were left.</summary>
    public void Learn(int handed, int untried)
    {
        if (untried > 0)
        {
            _now = Math.Max(1, Math.Min(_now, handed));
            _tooMany = _now;
        }
        else if (handed >= _now)
        {
            _now = Math.Min(Most, _now < _tooMany / 2 ? _now * 2 : _now + Math.Max(1, _now / 16));
        }
    }
}
