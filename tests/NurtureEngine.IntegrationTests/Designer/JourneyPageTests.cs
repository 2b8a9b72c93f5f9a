using System.Net;
using NurtureEngine.IntegrationTests.Infrastructure;
using NurtureEngine.IntegrationTests.Pages;

namespace NurtureEngine.IntegrationTests.Designer;

/// <summary>Why a step is there is written in the console and kept in the draft.</summary>
public sealed class JourneyPageTests(PostgresServer server) : IAsyncLifetime
{
    private const string Page = "/console/tracks/welcome/journeys?step=read-answer";

    private Office _office = null!;

    public async ValueTask InitializeAsync() => _office = await Office.OpenAsync(server, hasShippedTracks: true);

    public ValueTask DisposeAsync() => _office.DisposeAsync();

    [Fact]
    public async Task A_sentence_that_is_written_is_in_the_draft_and_silences_its_warning()
    {
        using var emptied = await SaveAsync();
        var window = new DesignerWindow(_office.Admin);
        var warned = await window.ReadAsync("workflow-definitions/welcome/problems");
        using var saved = await SaveAsync(
            ("Form.Stage", "RL"),
            ("Form.Cognition", "Ask"),
            ("Form.SegmentEnglish", "those who answer"),
            ("Form.ThinksEnglish", "they listen"),
            ("Form.FeelsChinese", "安心"),
            ("Form.DoesEnglish", "tells more"),
            ("Form.To", "MQL")
        );
        var problems = await window.ReadAsync("workflow-definitions/welcome/problems");
        var list = WebUtility.HtmlDecode(await _office.Admin.ReadAsync("/console/tracks/welcome/journeys"));

        Assert.Equal("/console/tracks/welcome/journeys?done=journeySaved", _office.Admin.TargetOf(saved));
        Assert.Contains("review.no_journey", warned.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("review.no_journey", problems.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(
            "feels 安心, and so tells more, which moves them to stage MQL.",
            list,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_incomplete_sentence_names_each_part_that_is_missing_and_keeps_what_was_typed()
    {
        using var refused = await SaveAsync(("Form.Stage", "RL"), ("Form.ThinksChinese", "有人懂我"));
        var page = WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync());

        Assert.All(
            new[] { "Stage of cognition (5A)", "Whom it is for", "What they then feel", "What they do next" },
            part => Assert.Contains($"“{part}” is missing.", page, StringComparison.Ordinal)
        );
        Assert.Contains("value=\"有人懂我\"", page, StringComparison.Ordinal);
        Assert.Equal(0, await _office.Host.ScalarAsync<long>("SELECT count(*) FROM track_draft"));
    }

    private Task<HttpResponseMessage> SaveAsync(params (string Name, string Value)[] fields) =>
        _office.Admin.FillInAsync(Page, "journey", fields);
}
