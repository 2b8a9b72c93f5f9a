using System.Diagnostics;

namespace NurtureEngine.IntegrationTests.Infrastructure;

/// <summary>Waits for what another process does, and says what it waited for when it does not come. Only a failure takes as long as its patience.</summary>
internal static class Eventually
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null)
    {
        var since = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(since.Elapsed < (patience ?? TimeSpan.FromMinutes(3)), $"Waited in vain: {what}");
            await Task.Delay(BetweenLooks);
        }
    }
}
