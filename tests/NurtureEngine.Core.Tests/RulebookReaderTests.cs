using System.Text;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Tests;

public sealed class RulebookReaderTests
{
    private const string Words = """
        "hubspot": {
          "lifeCycle": "customer",
          "stages": { "4711": "MLQ", "lead": "MQL" },
          "properties": { "budget__c": "budget", "favourite": "custom.favourite" },
          "companyProperties": { "city": "town" }
        },
        """;

    private const string Sound = """
        {
          "lifeCycles": [{ "name": "customer", "stages": [{ "name": "MQL" }] }],
          "senders": { "default": { "name": "N", "address": "n@example.com", "company": "N", "postalAddress": "Street 1" } },
          "defaultTimeZone": "Asia/Shanghai"
        }
        """;

    [Fact]
    public void A_rulebook_is_read()
    {
        var rulebook = RulebookReader.TryRead(Encoding.UTF8.GetBytes(Sound), version: 3, out var faults);

        Assert.Empty(faults);
        Assert.Equal(
            ("3", "Asia/Shanghai", "en"),
            ($"{rulebook!.Version}", rulebook.DefaultZone.Id, rulebook.DefaultLanguage)
        );
    }

    [Theory]
    [InlineData("Asia/Shanghai", "Asia/Atlantis", "'Asia/Atlantis' is no time zone; expected an IANA name")]
    [InlineData("\"MQL\" }", "\"MQL\" }, { \"name\": \"mql\" }", "names the stage 'MQL' more than once")]
    [InlineData("\"default\"", "\"other\"", "has no sender 'default'")]
    [InlineData("n@example.com", "nobody", "is no e-mail address")]
    [InlineData("defaultTimeZone", "zone", "'zone' is not known here")]
    public void A_fault_is_named(string sound, string spoiled, string expected)
    {
        var json = Encoding.UTF8.GetBytes(Sound.Replace(sound, spoiled, StringComparison.Ordinal));

        Assert.Null(RulebookReader.TryRead(json, version: 1, out var faults));
        Assert.Contains(faults, fault => $"{fault}".Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void What_words_of_HubSpot_are_mapped_to_must_be_known()
    {
        var json = Encoding.UTF8.GetBytes(
            Sound.Replace("\"senders\"", Words + "\"senders\"", StringComparison.Ordinal)
        );

        Assert.Null(RulebookReader.TryRead(json, version: 1, out var faults));
        Assert.Equal(
            ["#/hubspot/stages/4711", "#/hubspot/properties/budget__c", "#/hubspot/companyProperties/city"],
            faults.Select(fault => fault.Place)
        );
        // One that is in force already was accepted by an earlier program, which did not ask.
        Assert.Equal("MLQ", RulebookReader.TryReadStored(json, version: 1, out _)!.HubSpot.Stages["4711"]);
    }

    [Fact]
    public void A_text_in_another_encoding_is_told()
    {
        Assert.Null(RulebookReader.TryRead(Encoding.Unicode.GetPreamble(), version: 1, out var faults));
        Assert.Contains("UTF-16; expected UTF-8", $"{faults.Single()}", StringComparison.Ordinal);
    }
}
