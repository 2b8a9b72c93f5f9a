using System.Diagnostics.Metrics;

namespace NurtureEngine.Host.Scheduling;

/// <summary>The engine's own measurements, for whoever listens to the meter of this name. No tag holds personal data.</summary>
internal static class NurtureMetrics
{
    public const string Name = "NurtureEngine";

    private const string Source = "source";
    private const string Outcome = "outcome";

    public static Meter Meter { get; } = new(Name);

    private static readonly Counter<long> Received = Meter.CreateCounter<long>(
        "nurture.events.received",
        description: "Events that were taken in, repeats too, by source."
    );

    private static readonly Counter<long> Applied = Meter.CreateCounter<long>(
        "nurture.events.applied",
        description: "Events that became facts."
    );

    private static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "nurture.events.refused",
        description: "Events that became dead letters, by code."
    );

    private static readonly Counter<long> Settled = Meter.CreateCounter<long>(
        "nurture.touches.settled",
        description: "Touches that the gate or the channel has decided on, by the state they came to."
    );

    public static void CountReceived(string source, int events) =>
        Received.Add(events, new KeyValuePair<string, object?>(Source, source));

    public static void CountApplied(int events) => Applied.Add(events);

    public static void CountRefused(string code) => Refused.Add(1, new KeyValuePair<string, object?>("code", code));

    public static void CountSettled(string state, int touches) =>
        Settled.Add(touches, new KeyValuePair<string, object?>(Outcome, state));
}
