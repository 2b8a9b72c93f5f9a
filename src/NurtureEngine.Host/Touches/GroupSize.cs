namespace NurtureEngine.Host.Touches;

/// <summary>
/// How many touches go through the gate together: as many as leave while their verdicts are good. It falls to what a slow server took in time; it
/// doubles up to half of what was too many, and grows a little at a time beyond.
/// </summary>
internal sealed class GroupSize
{
    /// <summary>The most; no crash leaves more uncertain than this, times the connections.</summary>
    public const int Most = 64;

    private readonly Lock _lock = new();
    private int _now = Most;
    private int _tooMany = Most * 2;

    public int Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    /// <summary>Learns from a group of a size, of which so many were handed over and so many were left in the end.</summary>
    public void Learn(int size, int handed, int untried)
    {
        lock (_lock)
        {
            if (untried > 0)
            {
                _tooMany = size;
                _now = Math.Max(1, Math.Min(_now, handed));
            }
            else if (size >= _now)
            {
                _now = Math.Min(Most, _now < _tooMany / 2 ? _now * 2 : _now + Math.Max(1, _now / 16));
            }
        }
    }
}
