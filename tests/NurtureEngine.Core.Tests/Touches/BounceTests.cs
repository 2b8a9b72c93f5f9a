using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tests.Touches;

/// <summary>What refusals mean, line by line.</summary>
public sealed class BounceTests
{
    [Theory]
    [InlineData(550, "5.1.1", "user unknown", BounceClass.Hard)]
    [InlineData(550, "5.1.2", "", BounceClass.Hard)]
    [InlineData(553, "5.1.3", "", BounceClass.Hard)]
    [InlineData(550, "5.1.6", "", BounceClass.Hard)]
    [InlineData(556, "5.1.10", "null MX", BounceClass.Hard)]
    [InlineData(553, "5.1.8", "bad sender", BounceClass.Config)]
    [InlineData(450, "4.1.1", "", BounceClass.Defer)]
    [InlineData(550, "5.2.1", "disabled", BounceClass.Hard)]
    [InlineData(450, "4.2.1", "", BounceClass.Soft)]
    [InlineData(552, "5.2.2", "mailbox full", BounceClass.Soft)]
    [InlineData(552, "5.2.3", "", BounceClass.Content)]
    [InlineData(452, "4.3.1", "", BounceClass.Defer)]
    [InlineData(552, "5.3.4", "", BounceClass.Content)]
    [InlineData(421, "4.4.5", "", BounceClass.Defer)]
    [InlineData(0, "4.4.7", "", BounceClass.Soft)]
    [InlineData(0, "5.4.4", "", BounceClass.Soft)]
    [InlineData(500, "5.5.2", "", BounceClass.Config)]
    [InlineData(554, "5.6.0", "", BounceClass.Content)]
    [InlineData(421, "4.7.28", "rate limit", BounceClass.Defer)]
    [InlineData(550, "5.7.1", "refused", BounceClass.Block)]
    [InlineData(550, "5.7.26", "", BounceClass.Config)]
    [InlineData(550, "5.7.515", "Access denied", BounceClass.Config)]
    [InlineData(554, null, "blocked as spam", BounceClass.Block)]
    [InlineData(550, null, "No such user here", BounceClass.Hard)]
    [InlineData(550, null, "something else", BounceClass.Soft)]
    [InlineData(450, null, "no such user for now", BounceClass.Defer)]
    [InlineData(550, null, "550 5.1.1 <…>: no such mailbox", BounceClass.Hard)]
    public void A_refusal_is_classed(int code, string? enhanced, string text, BounceClass expected) =>
        Assert.Equal(expected, Bounces.Classify(code, enhanced, text));
}
