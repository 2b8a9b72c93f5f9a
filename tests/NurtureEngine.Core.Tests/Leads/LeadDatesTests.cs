using System.Globalization;
using NodaTime;
using NurtureEngine.Core.Leads;

namespace NurtureEngine.Core.Tests.Leads;

public sealed class LeadDatesTests
{
    [Theory]
    [InlineData("\"2026-09-01\"", null, "2026-09-01T00:00:00.0000000+00:00")]
    [InlineData("\"2026-09-01\"", "Asia/Shanghai", "2026-08-31T16:00:00.0000000+00:00")]
    [InlineData("\"2026-09-01T10:00:00+02:00\"", null, "2026-09-01T08:00:00.0000000+00:00")]
    [InlineData("\"2026-09-01T10:00:00.1234567Z\"", null, "2026-09-01T10:00:00.1234560+00:00")]
    [InlineData("\"0001-01-01\"", "Asia/Shanghai", null)]
    [InlineData("\"-0044-03-15\"", null, null)]
    [InlineData("\"9999-12-31\"", "America/New_York", null)]
    [InlineData("\"2026-02-31\"", null, null)]
    [InlineData("\"next Tuesday\"", null, null)]
    [InlineData("20260901", null, null)]
    [InlineData("true", null, null)]
    public void A_date_is_one_that_somebody_meant(string json, string? zone, string? expected)
    {
        var fields = FieldSet.Empty.With(
            [KeyValuePair.Create("custom.renewal", (string?)json), KeyValuePair.Create(Fields.TimeZone, zone)],
            new Stamp(null, DateTimeOffset.UnixEpoch)
        );
        var dates = LeadDates.Of(new Lead { Key = new ExternalKey("crm", "ann"), Fields = fields }, DateTimeZone.Utc);

        Assert.Equal(
            expected,
            dates.TryGetValue("custom.renewal", out var at) ? at.ToString("O", CultureInfo.InvariantCulture) : null
        );
    }
}
