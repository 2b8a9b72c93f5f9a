using System.Text;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tests.Leads;

/// <summary>One mailbox in whatever spelling is one identity.</summary>
public sealed class EmailAddressTests
{
    private const int Spellings = 5_000;

    [Theory]
    [InlineData("uma@example.com", "uma@example.com")]
    [InlineData(" Uma@Example.COM\t", "uma@example.com")]
    [InlineData("uma@example.com.", "uma@example.com")]
    [InlineData("uma@example。com", "uma@example.com")]
    [InlineData("uma@example．com", "uma@example.com")]
    [InlineData("uma@example｡com", "uma@example.com")]
    [InlineData("ＵＭＡ@example.com", "uma@example.com")]
    [InlineData("uma＠ｅｘａｍｐｌｅ．ｃｏｍ", "uma@example.com")]
    [InlineData("u\u200Bma@example.com", "uma@example.com")]
    [InlineData("\uFEFFuma@exam\u00ADple.com\u200E", "uma@example.com")]
    [InlineData("u\u2060ma@ex\u200Dample.com", "uma@example.com")]
    [InlineData("vic@münchen.example", "vic@xn--mnchen-3ya.example")]
    [InlineData("vic@MU\u0308NCHEN.example", "vic@xn--mnchen-3ya.example")]
    [InlineData("vic@xn--mnchen-3ya.example", "vic@xn--mnchen-3ya.example")]
    [InlineData("vic@XN--MNCHEN-3YA.example", "vic@xn--mnchen-3ya.example")]
    // UTS 46, nontransitional: letters of their own, not ss and σ; the joiner is a format character.
    [InlineData("a@faß.de", "a@xn--fa-hia.de")]
    [InlineData("a@xn--fa-hia.de", "a@xn--fa-hia.de")]
    [InlineData("a@fass.de", "a@fass.de")]
    [InlineData("a@βόλος.com", "a@xn--nxasmm1c.com")]
    [InlineData("a@xn--nxasmm1c.com", "a@xn--nxasmm1c.com")]
    [InlineData("a@ශ්\u200Dරී.com", "a@xn--10cl1a0b.com")]
    [InlineData("a@xn--10cl1a0b660p.com", "a@xn--10cl1a0b.com")]
    [InlineData("王@例え.テスト", "王@xn--r8jz45g.xn--zckzah")]
    [InlineData("A.B+news@例子.中国", "a.b+news@xn--fsqu00a.xn--fiqs8s")]
    [InlineData("jose\u0301@example.com", "josé@example.com")]
    [InlineData("ΑΝΝΑΣ@example.com", "αννασ@example.com")]
    [InlineData("αννας@example.com", "αννασ@example.com")]
    [InlineData("o'brien@example.com", "o'brien@example.com")]
    public void Spellings_of_a_mailbox_have_one_identity(string spelling, string identity)
    {
        Assert.True(EmailAddress.IsValid(spelling));
        Assert.Equal(identity, EmailAddress.Identity(spelling));
        Assert.Equal(identity, EmailAddress.Identity(identity));
        Assert.Equal(identity, EmailAddress.Identity(EmailAddress.Mailable(spelling)));
    }

    [Theory]
    [InlineData("Uma.Lee@Example.com", "Uma.Lee@example.com")]
    [InlineData("ＵＭＡ@München.example.", "UMA@xn--mnchen-3ya.example")]
    [InlineData("u\u200Bma@example。com", "uma@example.com")]
    public void The_envelope_keeps_the_case_of_the_local_part_alone(string spelling, string mailable) =>
        Assert.Equal(mailable, EmailAddress.Mailable(spelling));

    [Theory]
    [InlineData("ann@localhost")]
    [InlineData("ann@localhost.localdomain")]
    [InlineData("ann@server.local")]
    [InlineData("ann@mail.internal")]
    [InlineData("ann@nas.home.arpa")]
    [InlineData("ann@example.c")]
    [InlineData("ann@[192.0.2.1]")]
    [InlineData("ann@192.0.2.1")]
    [InlineData("ann@example.com?subject=x")]
    [InlineData("mailto:ann@example.com?subject=x")]
    [InlineData("mailto:ann@example.com")]
    [InlineData("ann@example..com")]
    [InlineData("ann@.example.com")]
    [InlineData("ann@example.com..")]
    [InlineData("ann@-example.com")]
    [InlineData("ann@exam ple.com")]
    [InlineData("ann lee@example.com")]
    [InlineData("ann@example.com\r\nBcc: x@example.com")]
    [InlineData("Ann <ann@example.com>")]
    [InlineData("ann@example.com, bo@example.com")]
    [InlineData("ann@@example.com")]
    [InlineData(".ann@example.com")]
    [InlineData("ann.@example.com")]
    [InlineData("a..nn@example.com")]
    [InlineData("\"ann\"@example.com")]
    [InlineData("ann@xn--a.com")]
    [InlineData("ann@xn--mnchen-3ya\u00FC.com")]
    [InlineData("ann@exa℀mple.com")]
    [InlineData("ann")]
    [InlineData("@example.com")]
    [InlineData("\u200B@example.com")]
    [InlineData("ann@")]
    [InlineData("")]
    [InlineData("ann@\uD800.com")]
    [InlineData("a\uFFFEnn@example.com")]
    public void What_cannot_be_written_to_from_outside_is_no_address(string text)
    {
        Assert.False(EmailAddress.IsValid(text));
        Assert.Equal(text, EmailAddress.Mailable(text));
    }

    [Fact]
    public void Limits_are_those_of_RFC_5321_in_octets()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 63), 3));
        Assert.True(EmailAddress.IsValid($"{new string('l', 62)}@{domain}"));
        Assert.False(EmailAddress.IsValid($"{new string('l', 63)}@{domain}"));
        Assert.False(EmailAddress.IsValid($"{new string('l', 65)}@example.com"));
        Assert.False(EmailAddress.IsValid($"{new string('王', 22)}@example.com"));
        Assert.False(EmailAddress.IsValid($"a@{new string('d', 64)}.com"));
    }

    [Fact]
    public void No_spelling_escapes_its_identity()
    {
        var random = new Random(7);
        for (var i = 0; i < Spellings; i++)
        {
            var mailbox = Mailbox(random);
            var spelling = Spelling.Of(mailbox, random);
            Assert.Equal(EmailAddress.Identity(mailbox), EmailAddress.Identity(spelling));
            Assert.Equal(EmailAddress.Identity(spelling), EmailAddress.Identity(EmailAddress.Mailable(spelling)));
        }
    }

    private static string Mailbox(Random random)
    {
        const string letters = "abcxyz019éüñåøžπσжш中文例テ한";
        var name = () =>
            string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => letters[random.Next(letters.Length)]));
        return $"{name()}@{name()}.{name()}.com".Normalize(NormalizationForm.FormC);
    }
}
