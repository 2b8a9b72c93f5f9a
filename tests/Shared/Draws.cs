using System.Globalization;

namespace NurtureEngine.Tests;

/// <summary>How often a law draws: so often in the plain run, and as many times as often as <c>NURTURE_TEST_TIMES</c> says (tests/Long.runsettings).</summary>
internal static class Draws
{
    private static readonly int Times = int.Parse(
        Environment.GetEnvironmentVariable("NURTURE_TEST_TIMES") ?? "1",
        CultureInfo.InvariantCulture
    );

    public static int Of(int plain) => plain * Times;
}
