using System.Globalization;

namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>What a test of chance begins with: printed, so that a failure can be had again by <c>NURTURE_TEST_SEED</c>.</summary>
internal static class Seed
{
    public static int Of(ITestOutputHelper output)
    {
        var seed = int.Parse(
            Environment.GetEnvironmentVariable("NURTURE_TEST_SEED") ?? $"{Environment.TickCount}",
            CultureInfo.InvariantCulture
        );
        output.WriteLine($"NURTURE_TEST_SEED={seed}");
        return seed;
    }
}
