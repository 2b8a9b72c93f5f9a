using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NurtureEngine.Benchmarks.Measuring;
using NurtureEngine.Benchmarks.Tracks;
using NurtureEngine.Channels.Email;
using NurtureEngine.Core.Touches;
using NurtureEngine.Host.Scheduling.Jobs;
using NurtureEngine.Host.Touches;

namespace NurtureEngine.Benchmarks.Email;

/// <summary>
/// Twenty thousand touches are due in one slot: claimed, judged by all rules (the shipped rulebook without its hours and days), rendered, composed, kept,
/// handed to a local sink, and written to the ledger, by the job of a send slot. The reference hands one finished message over as often, by MailKit on as many
/// connections.
/// </summary>
internal static class DispatchBenchmark
{
    private const int Touches = 20_000;
    private const int Rounds = 3;
    private const int Connections = 8;

    public static async Task<Result> RunAsync()
    {
        using var sink = await Sink.StartAsync();
        await using var field = await Field.OpenAsync(
            new Dictionary<string, string?>
            {
                ["Nurture:Email:Mode"] = "smtp",
                ["Nurture:Email:Smtp:Host"] = "127.0.0.1",
                ["Nurture:Email:Smtp:Port"] = $"{sink.Port}",
                ["Nurture:Email:Smtp:Security"] = "None",
                ["Nurture:PublicUrl"] = "https://go.example.com",
            }
        );
        await using var due = await DueTouches.PlanAsync(field, Touches);
        var figures = await RoundsAsync(due, () => SlotAsync(field), "dispatch");
        var raw = await RoundsAsync(
            null,
            () => SmtpBenchmark.FinishedAsync(sink.Port, Touches, Connections),
            "finished messages"
        );
        return new Result("dispatch", figures, "touches/s", raw);
    }

    /// <summary>
    /// The same without mail: the gate alone, with what it writes, against a bare claim that writes a state, an event and an entry of the
    /// ledger and asks nothing.
    /// </summary>
    public static async Task<Result> RunGateAsync()
    {
        await using var field = await Field.OpenAsync(change: services =>
            services.AddSingleton<IEmailTransport, NowhereTransport>()
        );
        await using var due = await DueTouches.PlanAsync(field, Touches);
        var figures = await RoundsAsync(due, () => DrainAsync(field.Services), "gate");
        var raw = await RoundsAsync(due, () => new BareClaim(field).DrainAsync(), "bare claim");
        return new Result("gate", figures, "touches/s", raw);
    }

    /// <summary>
    /// <c>hosts-far</c>: two hosts on one database, each with its default number of connections to a server that is 10 ms a round trip away; the reference
    /// is one of them alone.
    /// </summary>
    public static async Task<Result> RunHostsAsync()
    {
        await using var server = new FarServer(TimeSpan.FromMilliseconds(10));
        var settings = new Dictionary<string, string?>
        {
            ["Nurture:Email:Mode"] = "smtp",
            ["Nurture:Email:Smtp:Host"] = "127.0.0.1",
            ["Nurture:Email:Smtp:Port"] = $"{server.Port}",
            ["Nurture:Email:Smtp:Security"] = "None",
            ["Nurture:PublicUrl"] = "https://go.example.com",
        };
        await using var field = await Field.OpenAsync(settings);
        await using var due = await DueTouches.PlanAsync(field, Touches);
        var other = await field.JoinAsync(settings);
        var two = await RoundsAsync(
            due,
            () => Task.WhenAll(FinishAsync(field.Services), FinishAsync(other)),
            "two hosts"
        );
        var one = await RoundsAsync(due, () => FinishAsync(field.Services), "one host");
        return new Result("hosts-far", two, "touches/s", one);
    }

    // The median; the first round warms the compiler up.
    private static async Task<double> RoundsAsync(DueTouches? due, Func<Task> drain, string name)
    {
        var figures = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            await (due?.ResetAsync() ?? Task.CompletedTask);
            using var own = Process.GetCurrentProcess();
            var before = own.TotalProcessorTime;
            var clock = Stopwatch.StartNew();
            await drain();
            var took = clock.Elapsed.TotalSeconds;
            own.Refresh();
            await (due?.AssertAllAcceptedAsync() ?? Task.CompletedTask);
            Console.WriteLine(
                $"{name}: {Touches:N0} due, the last handed over after {took:0.0} s: {Touches / took:N0}/s; {(own.TotalProcessorTime - before).TotalSeconds:0.0} s of processor time in the host"
            );
            figures.Add(Touches / took);
        }

        return Math.Round(figures.Skip(1).Order().ElementAt(Rounds / 2));
    }

    // A slot whose minute is over ends as soon as nothing is due.
    private static Task SlotAsync(Field field) =>
        ActivatorUtilities
            .CreateInstance<SendSlotJob>(field.Services)
            .RunAsync(Channel.Email, DateTimeOffset.UnixEpoch, CancellationToken.None);

    // What a slow server left over is planned again by a loop of its own.
    private static async Task FinishAsync(IServiceProvider host)
    {
        var (dispatch, recovery) = (host.GetRequiredService<DispatchTurn>(), host.GetRequiredService<RecoveryWorker>());
        while (await DueTouches.AnyLeftAsync(host.GetRequiredService<NpgsqlDataSource>()))
        {
            while (
                await dispatch.RunTurnAsync(CancellationToken.None)
                | await recovery.RunTurnAsync(CancellationToken.None)
            ) { }
        }
    }

    private static async Task DrainAsync(IServiceProvider host)
    {
        var worker = host.GetRequiredService<DispatchTurn>();
        while (await worker.RunTurnAsync(CancellationToken.None)) { }
    }
}
