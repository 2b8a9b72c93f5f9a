using System.Diagnostics;
using System.Globalization;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads.Consents;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Demo.Figures;
using NurtureEngine.Host.Demo.World;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Intake;
using NurtureEngine.Postgres.Reports;

namespace NurtureEngine.Host.Demo;

/// <summary>Plays a demo from its first line to its last table.</summary>
internal static class DemoPlay
{
    /// <param name="stage">The engine, without loops.</param>
    /// <param name="clock">Its business time.</param>
    /// <param name="first">The first day.</param>
    /// <param name="leads">How many leads there are.</param>
    /// <param name="days">How many days are played.</param>
    /// <param name="seed">What decides on everything that happens.</param>
    /// <param name="cancellationToken">Ends the play.</param>
    /// <exception cref="InvalidDataException">The engine does not say what was played.</exception>
    public static async Task RunAsync(
        WebApplication stage,
        SteppedClock clock,
        DateTimeOffset first,
        int leads,
        int days,
        int seed,
        CancellationToken cancellationToken
    )
    {
        var since = Stopwatch.StartNew();
        var start = stage.Services.GetRequiredService<FirstStart>();
        foreach (var fault in await start.RunAsync(cancellationToken))
        {
            await Console.Error.WriteLineAsync(fault);
        }

        await stage.StartAsync(cancellationToken);
        var key = await start.MakeFirstKeyAsync(cancellationToken);
        var secret = await stage
            .Services.GetRequiredService<WebhookSourceStore>()
            .FindSecretAsync(FirstStart.DevSource, cancellationToken);
        var script = DemoScript.Write(seed, first, days, leads);
        await Console.Out.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{leads} leads of {script.Leads.Values.Select(lead => lead.Account.Id).Distinct().Count()} accounts, {days} days from {first:yyyy-MM-dd}, seed {seed}"
            )
        );
        await Console.Out.WriteLineAsync(DemoRates.Notice);
        var address = new Uri(stage.Urls.First());
        using var faces = new DemoFaces(address, WebhookSignature.KeyOf(secret!)!, key!);
        using var recipients = new DemoRecipients(address, faces);
        await faces.SpeakWithOneVoiceAsync(cancellationToken);
        IReadOnlyDictionary<string, long> figures = new Dictionary<string, long>();
        await new DemoRun(stage.Services, faces, recipients, script, clock, seed).PlayAsync(
            first,
            days,
            (day, read) =>
            {
                figures = read;
                Console.Out.WriteLine(new DemoSummary(read).Line(day, days));
            },
            cancellationToken
        );
        var results = stage.Services.GetRequiredService<TrackResults>();
        var rulebook = stage.Services.GetRequiredService<CurrentRulebook>().Value;
        var cycle = rulebook.LifeCycles[0];
        string[] tracked = [.. Marketing(stage.Services.GetRequiredService<ContentCatalog>())];
        await Console.Out.WriteAsync(
            await new DemoTables(
                stage.Services.GetRequiredService<Tallies>(),
                results,
                new DemoOutcomes(
                    results,
                    stage.Services.GetRequiredService<TrackCatalog>().Tracks,
                    rulebook.LifeCycles
                ),
                cycle,
                tracked
            ).DrawAsync(figures, cancellationToken)
        );
        await Console.Out.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Environment.NewLine}Played in {since.Elapsed.TotalSeconds:0} s."
            )
        );
        await stage.StopAsync(cancellationToken);
    }

    private static IEnumerable<string> Marketing(ContentCatalog contents) =>
        contents
            .Current.Where(pair => contents.Find(pair.Value)?.Source.Purpose == Consent.Marketing)
            .Select(pair => pair.Key);
}
