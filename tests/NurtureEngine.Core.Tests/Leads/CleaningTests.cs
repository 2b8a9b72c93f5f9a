using NurtureEngine.Core.Leads.Cleaning;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Tests.Leads;

public sealed class CleaningTests
{
    [Theory]
    [InlineData("+49 (0)30 1234567", null, "+49301234567")]
    [InlineData("0049 30 1234567", null, "+49301234567")]
    [InlineData("030/123 45-67", "DE", "+49301234567")]
    [InlineData("06 1234 5678", "IT", "+390612345678")]
    [InlineData("138 0013 8000", "CN", "+8613800138000")]
    [InlineData("010-6552 9988 转 123", "CN", "+861065529988")]
    [InlineData("(212) 555-0100 ext. 5", "US", "+12125550100")]
    [InlineData("030 1234567", null, "030 1234567")]
    [InlineData("call me", "DE", "call me")]
    [InlineData("+1", null, "+1")]
    public void A_telephone_number_is_kept_as_it_is_dialled_from_anywhere(
        string text,
        string? country,
        string expected
    ) => Assert.Equal(expected, PhoneNumber.Normalise(text, country));

    [Theory]
    [InlineData("https://www.Acme.example/about?x", "acme.example")]
    [InlineData("Ann@Mail.acme.example", "mail.acme.example")]
    [InlineData("acme.example:443", "acme.example")]
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
