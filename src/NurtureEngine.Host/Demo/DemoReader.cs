using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NurtureEngine.Host.Demo;

/// <summary>What a lead does with a letter: the same for the same seed, lead and subject, whenever it is asked.</summary>
internal static class DemoReader
{
    public static IEnumerable<(TimeSpan After, DemoDeed Deed)> Read(int seed, DemoLead lead, string subject)
    {
        var random = new Random(unchecked((int)Hash($"{seed}|{lead.Id}|{subject}")));
        if (random.NextDouble() < 0.006)
        {
            yield return (Hours(random, 1, 20), DemoDeed.Unsubscribe);
            yield break;
        }

        if (random.NextDouble() >= 0.25 + lead.Keenness / 2)
        {
            yield break;
        }

        var opens = Hours(random, 1, 30);
        yield return (opens, DemoDeed.Open);
        if (random.NextDouble() < 0.1 + lead.Keenness / 3)
        {
            yield return (opens, DemoDeed.Click);
        }

        if (random.NextDouble() < 0.02 + lead.Keenness / 20)
        {
            yield return (opens + TimeSpan.FromHours(1), DemoDeed.Reply);
        }
    }

    /// <summary>A number from 0 to 1 that belongs to these words.</summary>
    public static double Chance(string words) => Hash(words) / (double)uint.MaxValue;

    private static uint Hash(string words) =>
        BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(words)));

    private static TimeSpan Hours(Random random, int least, int most) => TimeSpan.FromHours(random.Next(least, most));
}

internal enum DemoDeed
{
    Open,
    Click,
    Reply,
    Unsubscribe,
}
