namespace NurtureEngine.IntegrationTests.Laws;

/// <summary>Chance from a seed, for several threads.</summary>
internal sealed class SharedRandom(int seed) : Random(seed)
{
    private readonly Lock _one = new();

    public override int Next(int maxValue)
    {
        lock (_one)
        {
            return base.Next(maxValue);
        }
    }

    public override int Next(int minValue, int maxValue)
    {
        lock (_one)
        {
            return base.Next(minValue, maxValue);
        }
    }
}
