using NurtureEngine.Core.Facts;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;

namespace NurtureEngine.Core.Tests.Leads;

public sealed class LeadMergeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_one_who_goes_fills_gaps_adds_points_and_the_stricter_word_on_consent_holds()
    {
        var stays = Of("ann", Noon, ("name", "Ann"), ("score", "5"), ("phone", null));
        var goes = Of("bea", Noon.AddDays(1), ("name", "Bea"), ("title", "CTO"), ("score", "7"), ("phone", "+1"));
        stays = stays with
        {
            Consents = stays.Consents.Add(
                ("email", "marketing"),
                new Consent("email", "marketing", true, "form", Noon.AddDays(9))
            ),
        };
        goes = goes with
        {
            Consents = goes.Consents.Add(
                ("email", "marketing"),
                new Consent("email", "marketing", false, "call", Noon)
            ),
        };
        var merged = LeadMerge.Into(stays, goes);

        Assert.Equal(
            ("Ann", "CTO", "12", null),
            (merged.Fields["name"], merged.Fields["title"], merged.Fields["score"], merged.Fields["phone"])
        );
        Assert.False(merged.Consents[("email", "marketing")].Granted);
    }

    private static Lead Of(string id, DateTimeOffset at, params (string Field, string? Value)[] fields) =>
        new()
        {
            Key = new ExternalKey("crm", id),
            Fields = FieldSet.Empty.With(
                fields.Select(field => KeyValuePair.Create(field.Field, field.Value)),
                new Stamp(1, at)
            ),
        };
}
