namespace NurtureEngine.Host.Scheduling;

/// <summary>
/// The two clocks. The unkeyed <see cref="TimeProvider"/> is machine time: leases, signatures, back-off. The one with this
/// key is business time: what is due, and what people read.
/// </summary>
internal static class Clocks
{
    public const string Business = "business";
}
