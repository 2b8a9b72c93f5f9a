namespace NurtureEngine.Host.Touches;

/// <summary>
/// How many touches go through the gate together: as many as leave while their verdicts are good. A server that is slow gets fewer, so
/// that few have to be asked about again.
/// </summary>
internal sealed class GroupSize
{
    /// <summary>The most; no crash leaves more uncertain than this, times the groups at a time.</summary>
    public const int Most = 64;

    private volatile int _now = Most;

    public int Now => _now;

    /// <summary>Learns from a group of which so many were handed over and so many were left.</summary>
    public void Learn(int handed, int untried)
    {
        if (untried > 0)
        {
            _now = Math.Max(1, Math.Min(_now, handed));
        }
        else if (handed >= _now)
        {
            _now = Math.Min(Most, _now * 2);
        }
    }
}
