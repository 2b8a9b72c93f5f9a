using System.Diagnostics;
using NurtureEngine.Postgres;

namespace NurtureEngine.IntegrationTests.Laws;

/// <summary>Runs something at a waypoint of the engine, on the very thread that passes it.</summary>
internal sealed class WaypointHook(string point, Action act)
    : IObserver<DiagnosticListener>,
        IObserver<KeyValuePair<string, object?>>,
        IDisposable
{
    private readonly List<IDisposable> _subscriptions = [];

    public static IDisposable At(string point, Action act)
    {
        var hook = new WaypointHook(point, act);
        hook._subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(hook));
        return hook;
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == Waypoints.ListenerName)
        {
            _subscriptions.Add(value.Subscribe(this, name => name == point));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key == point)
        {
            act();
        }
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());
}
