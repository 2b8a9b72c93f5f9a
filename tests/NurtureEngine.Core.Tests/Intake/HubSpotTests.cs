using System.Text;
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
}
