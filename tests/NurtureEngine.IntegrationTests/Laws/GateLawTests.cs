using NurtureEngine.Core.Cadences;
using NurtureEngine.Core.Gates;
using NurtureEngine.IntegrationTests.Infrastructure;

namespace NurtureEngine.IntegrationTests.Laws;

/// <summary>
/// Whatever happens in whatever order, by whatever channel, no message leaves against consent, suppression, tier, approval, pause, stop or cadence, none
/// before something more urgent, and none twice; and of each rule it is seen that it is needed, by leaving it out.
/// </summary>
public sealed class GateLawTests(PostgresServer server, ITestOutputHelper output)
{
    private static readonly int Sequences = Draws.Of(2_000);
    private const int Worlds = 2;
    private const int MostUntilSeen = 1_000;

    [Fact]
    public async Task Nothing_leaves_that_must_not()
    {
        var seed = Seed.Of(output);
        var left = await Task.WhenAll(
            Enumerable.Range(0, Worlds).Select(world => LiveAsync(new SharedRandom(seed + world)))
        );
        output.WriteLine($"{left.Sum()} messages left");
        Assert.True(left.Sum() > Sequences / 4);

        async Task<int> LiveAsync(Random random)
        {
            await using var world = await GateWorld.OpenAsync(await server.CloneAsync(), Gate.Complete, random);
            for (var i = 0; i < Sequences / Worlds && world.Breaches.Count == 0; i++)
            {
                await world.RunSequenceAsync();
            }

            Assert.Empty(world.Breaches);
            return world.Left;
        }
    }

    [Theory]
    [InlineData("suppression", "to an address that is suppressed")]
    [InlineData("consent", "without consent")]
    [InlineData("repetition", "with a content that the lead has had")]
    [InlineData("stop", "while all is stopped")]
    [InlineData("pause", "in a pause")]
    [InlineData("tier", "to T1 by itself")]
    [InlineData("approval", "to T2 without a yes")]
    [InlineData("cadence", "against the cadence")]
    [InlineData("cap of leads", "against the cadence")]
    [InlineData("cap of accounts", "against the cadence")]
    [InlineData("quiet hours", "against the cadence")]
    [InlineData("working days", "against the cadence")]
    [InlineData("gap", "against the cadence")]
    [InlineData("one voice", "against the cadence")]
    [InlineData("precedence", "before something more urgent")]
    public async Task Without_a_rule_something_leaves_that_must_not(string rule, string how)
    {
        await using var world = await GateWorld.OpenAsync(
            await server.CloneAsync(),
            Without(rule),
            new SharedRandom(Seed.Of(output)),
            GateWorld.Cadences.Where(cadence => CadenceThatNeeds(rule) is not { } part || cadence.Contains(part))
        );
        var sequences = 0;
        while (world.Breaches.Count == 0 && sequences < MostUntilSeen)
        {
            await world.RunSequenceAsync();
            sequences++;
        }

        output.WriteLine($"seen after {sequences} sequences");
        Assert.NotEmpty(world.Breaches);
        Assert.All(world.Breaches, breach => Assert.Contains(how, breach, StringComparison.Ordinal));
    }

    // What the cadence has to say for the part that is left out to matter.
    private static string? CadenceThatNeeds(string rule) =>
        rule switch
        {
            "cap of leads" => "\"of\": \"lead\"",
            "cap of accounts" => "\"of\": \"account\"",
            "quiet hours" => "quietHours",
            "working days" => "workingDays",
            "gap" => "minGap",
            "one voice" => "oneVoicePerAccount",
            "precedence" => "caps",
            _ => null,
        };

    private static Gate Without(string rule)
    {
        Func<CadenceRules, CadenceRules>? weaken = rule switch
        {
            "cap of leads" => rules => rules with { Caps = [.. rules.Caps.Where(cap => cap.Scope != CapScope.Lead)] },
            "cap of accounts" => rules =>
                rules with
                {
                    Caps = [.. rules.Caps.Where(cap => cap.Scope != CapScope.Account)],
                },
            "quiet hours" => rules => rules with { QuietHours = null },
            "working days" => rules => rules with { WorkingDays = [] },
            "gap" => rules => rules with { MinGap = TimeSpan.Zero },
            "one voice" => rules => rules with { IsOneVoice = false },
            _ => null,
        };
        var complete = Gate.Complete.Rules;
        if (weaken is null)
        {
            return new Gate(complete.Remove(complete.Single(one => one.Name == rule)));
        }

        var cadence = complete.Single(one => one.Name == "cadence");
        return new Gate(
            complete.Replace(
                cadence,
                new GateRule(
                    "cadence",
                    view =>
                        cadence.Judge(
                            view with
                            {
                                Rulebook = view.Rulebook with { Cadence = weaken(view.Rulebook.Cadence) },
                            }
                        )
                )
            )
        );
    }
}
