using NurtureEngine.Host.Demo.Figures;
using NurtureEngine.Host.Demo.World;
using NurtureEngine.Host.Facts;
using NurtureEngine.Host.Outgoing;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Host.Touches;
using NurtureEngine.Host.Tracks;
using NurtureEngine.Postgres.Reports;

namespace NurtureEngine.Host.Demo;

/// <summary>
/// Plays the days of a demo: business time steps to the next moment at which something happens, once all work of the last has drained.
/// Everything comes in by the engine's outside faces.
/// </summary>
internal sealed class DemoRun(
    IServiceProvider services,
    DemoFaces faces,
    DemoRecipients recipients,
    DemoScript script,
    SteppedClock clock,
    int seed
)
{
    // Moments closer together than this are one step.
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(5);

    private readonly PriorityQueue<(DemoMail Mail, DemoDeed Deed), (DateTimeOffset, long)> _deeds = new();
    private readonly DemoLedger _ledger = new();
    private long _lastMail;

    private ITurn[] Turns =>
        [
            services.GetRequiredService<FactsWorker>(),
            services.GetRequiredService<AdvanceWorker>(),
            services.GetRequiredService<RecoveryWorker>(),
            services.GetRequiredService<DispatchTurn>(),
            services.GetRequiredService<OutboxWorker>(),
        ];

    /// <summary>Plays what was before <paramref name="start"/>, and the days from then on.</summary>
    /// <param name="start">The first day.</param>
    /// <param name="days">How many there are.</param>
    /// <param name="report">Is called after each four weeks and at the end, with the day and what the engine's tables say.</param>
    /// <param name="cancellationToken">Ends the play.</param>
    /// <exception cref="InvalidDataException">The engine's tables say something else than what was done.</exception>
    public async Task PlayAsync(
        DateTimeOffset start,
        int days,
        Action<int, IReadOnlyDictionary<string, long>> report,
        CancellationToken cancellationToken
    )
    {
        var (end, reported) = (start.AddDays(days), 0);
        var tallies = services.GetRequiredService<Tallies>();
        var (crm, office) = (new DemoCrm(faces, script, _ledger, seed), new DemoOffice(faces, _ledger, seed));
        while (clock.GetUtcNow() < end)
        {
            await StepAsync(crm, office, cancellationToken);
            var day = (int)(clock.GetUtcNow() - start).TotalDays / 28 * 28;
            if (day > reported)
            {
                reported = day;
                report(day, await CheckAsync(tallies, cancellationToken));
            }

            clock.StepTo(Earlier(end, Next(crm, await tallies.FindNextDueAsync(clock.GetUtcNow(), cancellationToken))));
        }

        await StepAsync(crm, office, cancellationToken);
        report(days, await CheckAsync(tallies, cancellationToken));
    }

    private async Task<IReadOnlyDictionary<string, long>> CheckAsync(
        Tallies tallies,
        CancellationToken cancellationToken
    )
    {
        var figures = await tallies.FiguresAsync(FirstStart.DevSource, cancellationToken);
        var differences = _ledger.Differences(figures);
        return differences.Count == 0
            ? figures
            : throw new InvalidDataException(
                $"The engine's tables and the play differ: {string.Join("; ", differences)}."
            );
    }

    private async Task StepAsync(DemoCrm crm, DemoOffice office, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await crm.TellUntilAsync(now, cancellationToken);
        while (_deeds.TryPeek(out _, out var due) && due.Item1 <= now)
        {
            var (mail, deed) = _deeds.Dequeue();
            var (word, times) = await recipients.DoAsync(mail, deed, cancellationToken);
            _ledger.Add($"feedback.{word}", times);
        }

        await DrainAsync(cancellationToken);
        if (OfficeHours.IsOne(now))
        {
            foreach (var address in await office.VisitAsync(cancellationToken))
            {
                crm.Accept(address, now);
            }

            await DrainAsync(cancellationToken);
        }

        await ReadMailsAsync(now, cancellationToken);
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        await services.GetRequiredService<MomentsWorker>().RunTurnAsync(cancellationToken);
        bool hasWorked;
        do
        {
            hasWorked = false;
            foreach (var turn in Turns)
            {
                hasWorked |= await turn.RunTurnAsync(cancellationToken);
            }
        } while (hasWorked);
    }

    private async Task ReadMailsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var mail in await faces.MailsAfterAsync(_lastMail, cancellationToken))
        {
            _lastMail = mail.Id;
            // Colleagues get e-mails too: the briefs of hand-offs.
            if (script.Leads.TryGetValue(mail.Recipient, out var lead))
            {
                _ledger.Add("emails");
                foreach (var (after, deed) in DemoReader.Read(seed, lead, mail.Subject))
                {
                    _deeds.Enqueue((mail, deed), (now + after, mail.Id));
                }
            }
        }
    }

    // The next moment of whatever comes first, and no later than the next hour of the office.
    private DateTimeOffset Next(DemoCrm crm, DateTimeOffset? due)
    {
        var now = clock.GetUtcNow();
        var next = OfficeHours.NextAfter(now);
        next = crm.Next is { } told ? Earlier(next, told) : next;
        next = _deeds.TryPeek(out _, out var deed) ? Earlier(next, deed.Item1) : next;
        next = due is { } waits ? Earlier(next, waits) : next;
        var least = now + Grain;
        return next < least ? least : next;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
