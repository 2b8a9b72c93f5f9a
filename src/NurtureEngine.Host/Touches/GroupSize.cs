namespace NurtureEngine.Host.Touches;

/// <summary>
/// How many touches go through the gate together, and how many such groups at a time: as many as leave while their verdicts are good. A server that is
/// slow to answer gets smaller groups, and more of them at a time, up to its connections; where the processor is what is slow, more groups would only
/// grow old.
/// </summary>
internal sealed class GroupSize
{
    /// <summary>The most; no crash leaves more uncertain than this, times the connections.</summary>
    public const int Most = 64;

    private const int FewestGroups = 8;
    private const int MoreAtATime = 2;

    // For one message, its share of the gate included: what a server nearby stays below by far.
    private static readonly TimeSpan FarAway = TimeSpan.FromMilliseconds(20);

    private volatile int _now = Most;
    private volatile int _groups = FewestGroups;
    private volatile bool _hasLeftOver;
    private volatile bool _isFarAway;

    public int Now => _now;

    /// <summary>How many groups leave at a time, of as many connections as there are.</summary>
    public int GroupsOf(int connections) => Math.Min(_groups, connections);

    /// <summary>Learns from a group of which so many were handed over and so many were left, in a time.</summary>
    public void Learn(int handed, int untried, TimeSpan took)
    {
        _isFarAway |= handed > _now / 2 && took > handed * FarAway;
        if (untried > 0)
        {
            _hasLeftOver = true;
            _now = Math.Max(1, Math.Min(_now, handed));
        }
        else if (handed >= _now)
        {
            _now = Math.Min(Most, _now * 2);
        }
    }

    /// <summary>Learns from a turn in which every group was full, or was not.</summary>
    public void LearnTurn(bool wasFull, int connections)
    {
        if (_hasLeftOver)
        {
            _groups = Math.Max(FewestGroups, _groups / 2);
        }
        else if (wasFull && _isFarAway)
        {
            _groups = Math.Min(connections, _groups + MoreAtATime);
        }

        (_hasLeftOver, _isFarAway) = (false, false);
    }
}
