using NurtureEngine.IntegrationTests.Infrastructure;
using static NurtureEngine.IntegrationTests.Infrastructure.TrackFolder;

namespace NurtureEngine.IntegrationTests.Laws;

/// <summary>The tracks of the gate's laws: three priorities in two lanes, one of which skips content that the lead has had.</summary>
internal static class GateTracks
{
    public static async Task PublishAsync(TrackFolder folder)
    {
        await folder.PublishAsync(
            [Step("m", "Nurture.SendEmail", ("templateId", Literal("welcome-hello")))],
            "T>m",
            null,
            "free",
            ("lane", "one"),
            ("priority", 80),
            ("reEnrolment", "perOccasion"),
            ("whenRepeated", "send")
        );
        await folder.PublishAsync(
            [
                Step("m", "Nurture.SendEmail", ("templateId", Literal("welcome-hello"))),
                Step("n", "Nurture.SendEmail", ("templateId", Literal("welcome-value"))),
            ],
            "T>m m>n",
            Step("T", "Nurture.LeadStageChanged", ("stage", Literal("SQL"))),
            "strict",
            ("lane", "two"),
            ("reEnrolment", "perOccasion")
        );
        await folder.PublishAsync(
            [Step("m", "Nurture.SendEmail", ("templateId", Literal("welcome-value")))],
            "T>m",
            Step("T", "Nurture.LeadStageChanged", ("stage", Literal("SQL"))),
            "other",
            ("lane", "one"),
            ("priority", 20),
            ("reEnrolment", "perOccasion"),
            ("whenRepeated", "send")
        );
    }
}
