using System.Collections.Immutable;

namespace NurtureEngine.Core.Leads;

/// <summary>The chairs of a buying committee. A CRM may know others; these are what contents are written for.</summary>
public static class BuyerRole
{
    public static readonly ImmutableArray<string> All =
    [
        "Initiator",
        "DecisionMaker",
        "Buyer",
        "Influencer",
        "Gatekeeper",
        "User",
    ];
}
