using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Tracks.Definitions;

/// <summary>Reads what a track's makers expect of it.</summary>
internal static class ExpectedRatesReader
{
    public static ExpectedRates Read(JsonShape nurture)
    {
        if (nurture.Object("expectedRates") is not { } rates)
        {
            return new ExpectedRates(null, null, null);
        }

        rates.AllowOnly("opened", "clicked", "reached");
        return new ExpectedRates(Percent(rates, "opened"), Percent(rates, "clicked"), Percent(rates, "reached"));
    }

    private static decimal? Percent(JsonShape rates, string name)
    {
        var percent = rates.Decimal(name);
        if (percent is < 0 or > 100)
        {
            rates.Fault(name, $"is {percent}; expected 0 to 100 (percent).");
        }

        return percent;
    }
}
