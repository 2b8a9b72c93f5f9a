using System.Diagnostics.Metrics;

namespace NurtureEngine.Host.Scheduling;

/// <summary>The engine's own measurements, for whoever listens to the meter of this name.</summary>
internal static class NurtureMetrics
{
    public const string Name = "NurtureEngine";

    public static Meter Meter { get; } = new(Name);
}
