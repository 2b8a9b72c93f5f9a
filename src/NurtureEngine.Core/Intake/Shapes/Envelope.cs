using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Intake.Shapes;

/// <summary>What every event says of itself, in whichever form it came.</summary>
/// <param name="Type">The event's type; empty, with a fault, where it is missing.</param>
/// <param name="At">When it happened (UTC); the default, with a fault, where that is missing.</param>
/// <param name="Data">What it says; null, with a fault, where it says nothing.</param>
/// <param name="CloudId">What a CloudEvent calls itself; null of any other.</param>
internal sealed record Envelope(string Type, DateTimeOffset At, JsonShape? Data, string? CloudId)
{
    /// <summary>Standard Webhooks' form.</summary>
    public static Envelope Open(JsonShape root) =>
        new(root.RequiredText("type"), RequiredInstant(root, "timestamp"), root.RequiredObject("data"), CloudId: null);

    internal static DateTimeOffset RequiredInstant(JsonShape root, string name)
    {
        var at = root.Instant(name);
        if (at is null && root.Lacks(name))
        {
            root.Fault(name, "is missing; expected the instant of the event, such as 2026-01-31T09:30:00Z.");
        }

        return at ?? default;
    }
}
