using System.Text;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Intake;

/// <summary>The lanes of the inbox: all events of one lead share one, so that they are applied in order.</summary>
public static class Lanes
{
    /// <summary>How many there are. Stored rows carry their lane, so changing it reorders nothing that is on its way.</summary>
    public const int Count = 64;

    /// <summary>
    /// The lanes of further leads that an event is about, a bit each, but for its own: there too, what came before it is applied before
    /// it, and what came later behind it. Null where there are none.
    /// </summary>
    public static long? Others(ExternalKey subject, IEnumerable<ExternalKey> further)
    {
        var own = Of(subject);
        var bits = further.Select(Of).Where(lane => lane != own).Aggregate(0L, (known, lane) => known | (1L << lane));
        return bits == 0 ? null : bits;
    }

    /// <summary>The lane of a lead, the same on every host: FNV-1a (32 bit) over its key.</summary>
    public static int Of(ExternalKey lead)
    {
        const uint prime = 16_777_619;
        var hash = 2_166_136_261;
        foreach (var b in Encoding.UTF8.GetBytes(lead.ToString()))
        {
            hash = unchecked((hash ^ b) * prime);
        }

        // The low bits alone mix poorly over short keys.
        return (int)((hash ^ (hash >> 16)) % Count);
    }
}
