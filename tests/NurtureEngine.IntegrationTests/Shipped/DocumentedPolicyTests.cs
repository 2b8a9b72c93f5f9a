using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Host.Api.Answers;
using NurtureEngine.Host.Rulebooks;

namespace NurtureEngine.IntegrationTests.Shipped;

/// <summary>What <c>docs/cadence.md</c> says of the contact policy is what a new database begins with.</summary>
public sealed partial class DocumentedPolicyTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "cadence.md"));

    [Fact]
    public async Task The_documented_policy_is_that_of_the_shipped_rulebook()
    {
        var shipped = JsonNode.Parse(await ShippedRulebook.ReadJsonAsync(CancellationToken.None))!;
        var documented = JsonNode.Parse($"{{{Example().Match(Page).Groups[1].Value}}}")!;

        Assert.True(
            JsonNode.DeepEquals(documented["cadence"], shipped["cadence"]),
            $"docs/cadence.md says {documented["cadence"]}, the file {shipped["cadence"]}"
        );
    }

    [Fact]
    public async Task The_documented_patch_can_be_put_in_force()
    {
        var patch = Encoding.UTF8.GetBytes(Patch().Match(Page).Groups[1].Value);
        var merged = MergePatch.TryApply(
            await ShippedRulebook.ReadJsonAsync(CancellationToken.None),
            patch,
            out var fault
        );

        Assert.Null(fault);
        Assert.NotNull(RulebookReader.TryRead(merged!, version: 1, out var faults));
        Assert.Empty(faults);
    }

    [GeneratedRegex(@"```json\n(""cadence"":.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("-d '(.*?)'", RegexOptions.Singleline)]
    private static partial Regex Patch();
}
