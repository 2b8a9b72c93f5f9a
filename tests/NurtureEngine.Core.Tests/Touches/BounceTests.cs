using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tests.Touches;

/// <summary>What refusals mean, line by line.</summary>
public sealed class BounceTests
{
    public static TheoryData<string, string> Lines =>
        new(Refusals.All.Select(refusal => (refusal.Example, $"{refusal.Cause}")));

    [Theory]
    [MemberData(nameof(Lines))]
    public void Each_line_of_the_table_is_the_first_that_knows_its_example(string example, string cause) =>
        Assert.Equal(cause, $"{Refusals.CauseOf(example)}");

    [Theory]
    [InlineData(550, "5.5.0", "Requested action not taken: mailbox unavailable", BounceClass.Hard)]
    [InlineData(0, "5.1.1", "smtp; 550 5.7.1 IP address blacklisted by recipient", BounceClass.Block)]
    [InlineData(0, "5.1.1", "smtp; 552 5.2.2 Over quota", BounceClass.Soft)]
    [InlineData(0, "5.1.1", "smtp; 552 Over quota", BounceClass.Soft)]
    [InlineData(
        0,
        "5.2.1",
        "smtp; 550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages",
        BounceClass.Soft
    )]
    [InlineData(
        450,
        "4.2.1",
        "The user you are trying to contact is receiving mail at a rate that prevents additional messages",
        BounceClass.Soft
    )]
    [InlineData(0, "5.4.4", "smtp; Host or domain name not found", BounceClass.Hard)]
    [InlineData(
        0,
        "4.4.3",
        "smtp; Host or domain name not found. Name service error: Host not found, try again",
        BounceClass.Defer
    )]
    [InlineData(550, null, "User not found", BounceClass.Hard)]
    [InlineData(550, null, "invalid user", BounceClass.Hard)]
    [InlineData(550, "5.4.1", "Recipient address rejected: Access denied. AS(201806281)", BounceClass.Hard)]
    [InlineData(550, "5.1.1", "Message rejected as spam by Content Filtering", BounceClass.Content)]
    [InlineData(550, "5.1.1", "sending rate limit exceeded", BounceClass.Soft)]
    [InlineData(
        554,
        "5.7.1",
        "Service unavailable; Client host [192.0.2.10] blocked using Spamhaus",
        BounceClass.Block
    )]
    [InlineData(550, null, "Mailbox not found. http://service.mail.qq.com", BounceClass.Hard)]
    [InlineData(550, null, "Domain frequency limited [x]", BounceClass.Soft)]
    [InlineData(421, null, "HL:REP 192.0.2.10", BounceClass.Defer)]
    [InlineData(554, null, "DT:SPM 163 mx", BounceClass.Content)]
    [InlineData(550, null, "Invalid User: ann@163.com", BounceClass.Hard)]
    [InlineData(550, null, "csi.mimecast.org Poor Reputation Sender", BounceClass.Block)]
    [InlineData(
        554,
        null,
        "delivery error: dd This user doesn't have a yahoo.com account (ann@yahoo.com) [0]",
        BounceClass.Hard
    )]
    [InlineData(
        550,
        "5.7.1",
        "Our system has detected that this message is likely unsolicited mail",
        BounceClass.Block
    )]
    [InlineData(
        550,
        "5.7.515",
        "Access denied, sending domain example.com does not meet the required authentication level",
        BounceClass.Config
    )]
    [InlineData(550, "5.1.8", "Access denied, bad outbound sender", BounceClass.Config)]
    [InlineData(0, "5.0.0", "smtp; 550 user unknown", BounceClass.Hard)]
    [InlineData(0, "5.0.0", "smtp; 450 4.2.2 mailbox full", BounceClass.Soft)]
    [InlineData(550, "5.1.1", "unknown or illegal alias: ann@icloud.com", BounceClass.Hard)]
    [InlineData(550, null, "该用户不存在", BounceClass.Hard)]
    [InlineData(550, "5.1.1", "Recipient address rejected: User unknown in local recipient table", BounceClass.Hard)]
    [InlineData(
        550,
        "5.1.1",
        "ann@spamcop-fans.example: Recipient address rejected: User unknown in virtual mailbox table",
        BounceClass.Hard
    )]
    [InlineData(550, "5.7.1", "Recipient address rejected: Policy restrictions", BounceClass.Block)]
    [InlineData(450, "4.7.1", "Recipient address rejected: Greylisted, see http://postgrey", BounceClass.Defer)]
    [InlineData(550, null, "Requested mail action not taken: exceed mailbox quota", BounceClass.Soft)]
    [InlineData(553, null, "sorry, that domain isn't in my list of allowed rcpthosts", BounceClass.Soft)]
    [InlineData(550, "5.1.1", "sorry, no mailbox here by that name. (#5.1.1)", BounceClass.Hard)]
    [InlineData(511, null, "sorry, no mailbox here by that name (#5.1.1 - chkuser)", BounceClass.Hard)]
    [InlineData(550, "5.1.0", "Address rejected.", BounceClass.Hard)]
    [InlineData(550, "5.1.351", "Remote server returned unknown recipient or mailbox unavailable", BounceClass.Hard)]
    [InlineData(550, "5.7.1", "The account ann is disabled", BounceClass.Hard)]
    [InlineData(550, "5.2.2", "user is over quota ann@icloud.com", BounceClass.Soft)]
    [InlineData(552, null, "Quota exceeded", BounceClass.Soft)]
    [InlineData(554, "5.7.1", "[CS01] Message rejected due to local policy.", BounceClass.Block)]
    [InlineData(554, null, "Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.10", BounceClass.Block)]
    [InlineData(550, null, "Envelope blocked - User Entry - https://community.mimecast.com", BounceClass.Block)]
    [InlineData(
        554,
        null,
        "Reject by content spam at DATA State(Connection IP address:192.0.2.10)ANTISPAM",
        BounceClass.Content
    )]
    [InlineData(426, null, "Reject too many connections", BounceClass.Defer)]
    [InlineData(550, null, "RP:RCL 163 smtp", BounceClass.Soft)]
    [InlineData(550, "5.1.1", "The email account that you tried to reach is over its quota", BounceClass.Soft)]
    [InlineData(
        550,
        "5.7.133",
        "RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; sender not authenticated for group",
        BounceClass.Config
    )]
    [InlineData(554, "5.7.1", "Your account has been suspended, contact support", BounceClass.Config)]
    [InlineData(550, null, "The sending account is disabled", BounceClass.Config)]
    [InlineData(550, null, "The account of the sender does not exist", BounceClass.Config)]
    [InlineData(550, "5.7.1", "Sender domain does not exist", BounceClass.Config)]
    [InlineData(501, null, "invalid email address in MAIL FROM", BounceClass.Config)]
    [InlineData(550, null, "发件人地址不存在", BounceClass.Config)]
    [InlineData(550, null, "host d1.ess.barracudanetworks.com said: 5.1.1 User unknown", BounceClass.Hard)]
    [InlineData(550, null, "user unknown (host mx1.antispameurope.com)", BounceClass.Hard)]
    [InlineData(550, "5.1.1", "User unknown. Contact mail policy team", BounceClass.Hard)]
    [InlineData(550, null, "Unknown user (Exim 4.96.2)", BounceClass.Hard)]
    [InlineData(550, null, "user ann@x.com unknown", BounceClass.Hard)]
    [InlineData(450, "4.2.0", "Greylisted, come back later", BounceClass.Defer)]
    [InlineData(452, "4.2.2", "The email account that you tried to reach is over quota", BounceClass.Soft)]
    public void The_words_of_the_remote_system_decide(int code, string? enhanced, string text, BounceClass expected) =>
        Assert.Equal(expected, Bounces.Classify(code, enhanced, text));

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
