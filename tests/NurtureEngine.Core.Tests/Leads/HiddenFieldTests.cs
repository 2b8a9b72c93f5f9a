using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tests.Leads;

public sealed class HiddenFieldTests
{
    [Fact]
    public void A_name_hides_its_field_and_one_that_ends_with_a_dot_all_that_begin_so()
    {
        var stamp = new Stamp(null, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var fields = FieldSet.Empty.With(
            new Dictionary<string, string?>
            {
                ["email"] = "ann@example.com",
                ["phone"] = "+49 30 1",
                ["phone_extension"] = "7",
                ["evidence.need"] = "told us",
                ["evidences"] = "kept",
            },
            stamp
        );

        var seen = fields.Without(["phone", "evidence."]);

        Assert.Equal(["email", "evidences", "phone_extension"], seen.Values.Keys);
        Assert.Equal(seen.Values.Keys, seen.Stamps.Keys);
        Assert.Same(fields, fields.Without(["score"]));
    }
}
