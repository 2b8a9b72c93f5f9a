using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Cleaning;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Tests.Leads;

public sealed class CleaningTests
{
    [Theory]
    [InlineData("+49 (0)30 1234567", null, "+49301234567", null)]
    [InlineData("0049 30 1234567", null, "+49301234567", null)]
    [InlineData("0086-21-61234567", "DE", "+862161234567", null)]
    [InlineData("0044 20 7946 0018", "US", "+442079460018", null)]
    [InlineData("030/123 45-67", "DE", "+49301234567", null)]
    [InlineData("06 1234 5678", "IT", "+390612345678", null)]
    [InlineData("138 0013 8000", "CN", "+8613800138000", null)]
    [InlineData("86 13800138000", "CN", "+8613800138000", null)]
    [InlineData("13800138000.0", "CN", "+8613800138000", null)]
    [InlineData("１３８００１３８０００", "CN", "+8613800138000", null)]
    [InlineData("1-415-555-0132", "US", "+14155550132", null)]
    [InlineData("61438331999", "AU", "+61438331999", null)]
    [InlineData("010-12345678-801", "CN", "+861012345678", "801")]
    [InlineData("010-6552 9988 转 123", "CN", "+861065529988", "123")]
    [InlineData("(212) 555-0100 ext. 5", "US", "+12125550100", "5")]
    public void A_telephone_number_is_kept_as_it_is_dialled_from_anywhere(
        string text,
        string? country,
        string expected,
        string? extension
    ) => Assert.Equal(new PhoneNumber(expected, extension, IsNumber: true), PhoneNumber.Read(text, country));

    [Theory]
    [InlineData("030 1234567", null)]
    [InlineData("call me", "DE")]
    [InlineData("+1", null)]
    [InlineData("12345", "DE")]
    [InlineData("13800138000;13900139000", "CN")]
    [InlineData("8613800138000", null)]
    [InlineData("999-999-9999-9999", "US")]
    [InlineData("138001380001234567890", "CN")]
    public void What_is_no_number_is_kept_as_it_was_written(string text, string? country) =>
        Assert.Equal(new PhoneNumber(text, null, IsNumber: false), PhoneNumber.Read(text, country));

    [Fact]
    public void A_number_that_can_not_be_read_is_marked_until_one_that_can_comes()
    {
        var lead = new Lead { Key = new ExternalKey("crm", "ann") };
        var marked = Clean("030 1234567");
        var read = Clean("+49 30 1234567");

        Assert.Equal(("030 1234567", "true"), (marked[Fields.Phone], marked[Fields.PhoneUnread]));
        Assert.Equal(("+49301234567", null), (read[Fields.Phone], read[Fields.PhoneUnread]));

        IReadOnlyDictionary<string, string?> Clean(string phone) =>
            LeadCleaning.Clean(new Dictionary<string, string?> { [Fields.Phone] = phone }, lead, Rulebooks.Default);
    }

    [Theory]
    [InlineData("https://www.Acme.example/about?x", "acme.example")]
    [InlineData("Ann@Mail.acme.example", "mail.acme.example")]
    [InlineData("acme.example:443", "acme.example")]
    [InlineData("https://bücher.example/", "xn--bcher-kva.example")]
    [InlineData("ann@XN--BCHER-KVA.example", "xn--bcher-kva.example")]
    [InlineData("ａｃｍｅ。example", "acme.example")]
    [InlineData("somebody@gmail.com", null)]
    [InlineData("qq.com", null)]
    [InlineData("localhost", null)]
    [InlineData("", null)]
    public void A_domain_is_a_companys_own_or_none(string text, string? expected) =>
        Assert.Equal(expected, MailDomain.Own(text));

    [Theory]
    [InlineData("Interim CTO, Europe", "DecisionMaker")]
    [InlineData("Director", null)]
    [InlineData("公司总经理助理", "DecisionMaker")]
    [InlineData("Buyer", "Buyer")]
    public void Words_of_a_title_tell_the_role_and_Latin_ones_count_whole_only(string title, string? expected)
    {
        var rulebook = Rulebooks.Default with
        {
            Roles = [new RoleRule("DecisionMaker", ["CTO", "总经理"]), new RoleRule("Buyer", ["buyer"])],
        };

        Assert.Equal(expected, rulebook.RoleOf(title));
    }

    [Theory]
    [InlineData("number", "\"12.50\"", "12.50")]
    [InlineData("number", "\"many\"", null)]
    [InlineData("boolean", "\"TRUE\"", "true")]
    [InlineData("date", "\"2026-02-30\"", null)]
    [InlineData("date", "\"2026-02-28\"", "\"2026-02-28\"")]
    [InlineData("text", "5", "\"5\"")]
    public void A_custom_value_fits_its_type_or_does_not(string type, string json, string? expected) =>
        Assert.Equal(expected, new CustomField(Enum.Parse<CustomType>(type, true), []).Fit(json));
}
