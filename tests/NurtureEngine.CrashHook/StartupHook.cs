using System.Diagnostics;
using System.Globalization;

/// <summary>
/// Loaded into a host by DOTNET_STARTUP_HOOKS (which asks for a type of this name, without a namespace): kills the host as
/// kill -9 does, at a named waypoint or (named *) at any, when it is passed for the given time.
/// </summary>
#pragma warning disable CA1050 // The runtime looks the type up by this very name.
public static class StartupHook
#pragma warning restore CA1050
{
    private static int _left;

    public static void Initialize()
    {
        var point = Environment.GetEnvironmentVariable("CRASH_AT");
        if (string.IsNullOrEmpty(point))
        {
            return;
        }

        _left = int.Parse(Environment.GetEnvironmentVariable("CRASH_PASSAGE") ?? "1", CultureInfo.InvariantCulture);
        DiagnosticListener.AllListeners.Subscribe(
            new Watcher<DiagnosticListener>(listener =>
            {
                if (listener.Name == "NurtureEngine")
                {
                    listener.Subscribe(new Watcher<KeyValuePair<string, object?>>(passed => Pass(passed.Key, point)));
                }
            })
        );
    }

    private static void Pass(string passed, string point)
    {
        if ((point == "*" || passed == point) && Interlocked.Decrement(ref _left) == 0)
        {
            Process.GetCurrentProcess().Kill();
            // The signal arrives a moment later; nothing may happen in between.
            new ManualResetEventSlim().Wait();
        }
    }

    private sealed class Watcher<T>(Action<T> onNext) : IObserver<T>
    {
        public void OnCompleted() { }

        public void OnError(Exception error) { }

        public void OnNext(T value) => onNext(value);
    }
}
