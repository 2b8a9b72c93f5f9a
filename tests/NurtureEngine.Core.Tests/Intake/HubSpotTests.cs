using System.Text;
using System.Text.Json;
using NurtureEngine.Core.Intake.HubSpot;

namespace NurtureEngine.Core.Tests.Intake;

public sealed class HubSpotTests
{
    private const string Body =
        """[{"eventId":100,"subscriptionId":25,"portalId":33,"appId":1160452,"occurredAt":1710000000000,"subscriptionType":"contact.propertyChange","attemptNumber":0,"objectId":1246965,"propertyName":"lifecyclestage","propertyValue":"salesqualifiedlead","changeSource":"CRM_UI"}]""";

    [Fact]
    public void The_signature_is_that_of_the_published_vector() =>
        Assert.Equal(
            "sXQZuVsGS6Txxx874e1VCAhSLDU8Ztrw3uej1td0gtU=",
            HubSpotSignature.Sign(
                "hubspot-demo-client-secret",
                "POST",
                "https://hooks.example.com/hubspot?tenant=t1",
                Encoding.UTF8.GetBytes(Body),
                "1710000000000"
            )
        );

    [Fact]
    public void What_the_sender_leaves_bare_in_an_address_is_signed_bare() =>
        Assert.Equal(
            HubSpotSignature.Sign("secret", "POST", "https://a.example/x?at=12:30", [], "1"),
            HubSpotSignature.Sign("secret", "POST", "https://a.example/x?at=12%3A30", [], "1")
        );

    [Theory]
    [InlineData("object.creation", "0-1", "contact.creation 7")]
    [InlineData("object.creation", "0-2", "company.creation 7")]
    [InlineData("object.creation", "2-3465404", "object.creation 2-3465404/7")]
    public void A_record_of_another_kind_is_not_taken_for_the_contact_of_its_number(
        string type,
        string kind,
        string expected
    )
    {
        var head = HeadOf(type, kind);

        Assert.Equal(expected, $"{head.Type} {head.Subject.ExternalId}");
    }

    [Fact]
    public void Records_of_two_kinds_are_told_apart_by_the_event_id_too() =>
        Assert.NotEqual(HeadOf("object.creation", "2-1").EventId, HeadOf("object.creation", "2-2").EventId);

    private static HubSpotHead HeadOf(string type, string kind)
    {
        using var json = JsonDocument.Parse(
            $$"""{"occurredAt": 1710000000000, "subscriptionType": "{{type}}", "objectTypeId": "{{kind}}", "objectId": 7}"""
        );
        return HubSpotHead.Of(json.RootElement);
    }
}
