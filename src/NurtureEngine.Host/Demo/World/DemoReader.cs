using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace NurtureEngine.Host.Demo.World;

/// <summary>What a lead and their mail system do with an e-mail: the same for the same seed, lead and subject, whenever it is asked.</summary>
internal static class DemoReader
{
    public static IEnumerable<(TimeSpan After, DemoDeed Deed)> Read(int seed, DemoLead lead, string subject)
    {
        if (!lead.HasMailbox)
        {
            yield return (TimeSpan.FromMinutes(10), DemoDeed.Bounce);
            yield break;
        }

        var random = new Random(unchecked((int)Hash($"{seed}|{lead.Id}|{subject}")));
        if (random.NextDouble() < DemoRates.FullMailbox)
        {
            yield return (TimeSpan.FromHours(4), DemoDeed.SoftBounce);
            yield break;
        }

        if (lead.Account.IsScanned)
        {
            yield return (TimeSpan.FromMinutes(1), DemoDeed.Scan);
        }

        if (random.NextDouble() < DemoRates.AutoReplies)
        {
            yield return (TimeSpan.FromMinutes(5), DemoDeed.AutoReply);
        }

        foreach (var deed in ByPerson(random, lead))
        {
            yield return deed;
        }
    }

    private static IEnumerable<(TimeSpan After, DemoDeed Deed)> ByPerson(Random random, DemoLead lead)
    {
        var refuses = random.NextDouble();
        if (refuses < DemoRates.Complains + DemoRates.Unsubscribes)
        {
            yield return (
                Hours(random, 1, 20),
                refuses < DemoRates.Complains ? DemoDeed.Complain : DemoDeed.Unsubscribe
            );
            yield break;
        }

        if (random.NextDouble() >= DemoRates.Opens(lead))
        {
            yield break;
        }

        var opens = Hours(random, 1, 30);
        yield return (opens, DemoDeed.Open);
        if (random.NextDouble() < DemoRates.Clicks(lead))
        {
            yield return (opens, DemoDeed.Click);
        }

        if (random.NextDouble() < DemoRates.Replies(lead))
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

/// <summary>What happens to an e-mail after it left.</summary>
internal enum DemoDeed
{
    Open,
    Click,
    Reply,
    Unsubscribe,
    Complain,

    /// <summary>There is no such mailbox.</summary>
    Bounce,

    /// <summary>The mailbox is full.</summary>
    SoftBounce,

    /// <summary>A program answers that the reader is away.</summary>
    AutoReply,

    /// <summary>A mail system opens every link.</summary>
    Scan,
}
