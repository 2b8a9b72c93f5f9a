using System.Diagnostics;

namespace NurtureEngine.Postgres;

/// <summary>
/// Names the moments between which a crash matters, as events of the diagnostic listener <c>NurtureEngine</c>. Nobody
/// listens in production; the crash tests kill the host at each.
/// </summary>
public static class Waypoints
{
    /// <summary>The listener's name.</summary>
    public const string ListenerName = "NurtureEngine";

    private static readonly DiagnosticListener Listener = new(ListenerName);

    public static void Pass(string name)
    {
        if (Listener.IsEnabled(name))
        {
            Listener.Write(name, null);
        }
    }
}
