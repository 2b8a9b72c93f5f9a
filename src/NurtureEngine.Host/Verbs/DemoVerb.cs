using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using NurtureEngine.Host.Demo;
using NurtureEngine.Host.Demo.World;
using NurtureEngine.Host.Identity.People;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Storage;

namespace NurtureEngine.Host.Verbs;

/// <summary><c>demo</c>: plays weeks of a company's marketing in a throw-away database, and stays up to be looked at.</summary>
internal static class DemoVerb
{
    // A Monday. The same days at each demo, so that the same seed gives the same figures.
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);

    private static readonly string[] Folders = ["WorkflowsFolder", "TemplatesFolder", "CalendarsFolder"];

    public static Command Make(IConfiguration configuration)
    {
        var leads = new Option<int>("--leads") { Description = "How many leads.", DefaultValueFactory = _ => 300 };
        var days = new Option<int>("--days") { Description = "How many days.", DefaultValueFactory = _ => 180 };
        var seed = new Option<int>("--seed")
        {
            Description = "The same seed gives the same figures.",
            DefaultValueFactory = _ => 1,
        };
        leads.Validators.Add(result => Within(result, leads, 1, 100_000));
        days.Validators.Add(result => Within(result, days, 1, 365));
        var command = new Command(
            "demo",
            "Play weeks of invented leads through the tracks, in a database of its own that is thrown away at the end. No mail leaves and no other system is told, whatever the configuration says."
        )
        {
            leads,
            days,
            seed,
        };
        command.SetAction(
            (result, cancellationToken) =>
                RunAsync(
                    configuration,
                    result.GetRequiredValue(leads),
                    result.GetRequiredValue(days),
                    result.GetRequiredValue(seed),
                    cancellationToken
                )
        );
        return command;
    }

    private static void Within(System.CommandLine.Parsing.OptionResult result, Option<int> option, int least, int most)
    {
        if (result.GetValueOrDefault<int>() is var value && (value < least || value > most))
        {
            result.AddError(
                string.Create(CultureInfo.InvariantCulture, $"{option.Name} is {value}; expected {least} to {most}.")
            );
        }
    }

    private static async Task<int> RunAsync(
        IConfiguration configuration,
        int leads,
        int days,
        int seed,
        CancellationToken cancellationToken
    )
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var place = DemoPlace.Take(configuration["ASPNETCORE_URLS"]);
        await using var database = await NurtureDatabase.OpenAsync(
            connectionString: null,
            place.Folder,
            _ => { },
            ended.Token
        );
        await database.MigrateAsync(ended.Token);
        var clock = new SteppedClock(Start.AddDays(-DemoScript.Before));
        // Played on an address of its own: what the configuration says is for looking around afterwards.
        await using (
            var stage = NurtureApplication.Build(
                Builder(configuration, place, clock, "http://127.0.0.1:0"),
                database,
                hasLoops: false
            )
        )
        {
            try
            {
                await DemoPlay.RunAsync(stage, clock, Start, leads, days, seed, ended.Token);
            }
            catch (InvalidDataException exception)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return 1;
            }
        }

        clock.Release();
        await using var app = NurtureApplication.Build(Builder(configuration, place, clock, place.Address), database);
        await app.Services.GetRequiredService<FirstStart>().RunAsync(ended.Token);
        place.ReleaseAddress();
        await ServeVerb.ListenAsync(app, ended.Token);
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var password = await scope.ServiceProvider.GetRequiredService<FirstPerson>().MakeAsync(ended.Token);
            await Console.Out.WriteLineAsync(
                $"{Environment.NewLine}Sign in at {place.PublicAddress}/console as {FirstPerson.UserName} with {password}"
            );
        }

        await Console.Out.WriteLineAsync(
            $"Look around at {place.PublicAddress}/dev/inbox; Ctrl+C ends the demo and throws its database away."
        );
        await app.WaitForShutdownAsync(ended.Token);
        return 0;

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ended.Cancel();
        }
    }

    // Of the configuration only where tracks, contents and calendars are: whatever it says of databases, mail servers, secrets and other
    // systems is for the real engine.
    private static WebApplicationBuilder Builder(
        IConfiguration configuration,
        DemoPlace place,
        SteppedClock clock,
        string address
    )
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ContentRootPath = Environment.CurrentDirectory }
        );
        ((IConfigurationBuilder)builder.Configuration).Sources.Clear();
        builder.Configuration.AddInMemoryCollection(
            Folders
                .Select(name => new KeyValuePair<string, string?>($"Nurture:{name}", configuration[$"Nurture:{name}"]))
                .Where(setting => setting.Value is not null)
                .Append(new("Nurture:DataFolder", place.Folder))
                .Append(new("Nurture:PublicUrl", place.PublicAddress))
                .Append(new("Nurture:Email:Mode", "inbox"))
                .Append(new("urls", address))
        );
        builder.Services.AddKeyedSingleton<TimeProvider>(Clocks.Business, clock);
        builder.Services.AddSingleton<IHostLifetime, EndedByItsVerb>();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        return builder;
    }

    // The verb hears the signals: a host that ended on its own would leave the play without anybody to talk to.
    private sealed class EndedByItsVerb : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
