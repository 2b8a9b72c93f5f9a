using System.Globalization;
using System.Text.Json.Nodes;
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
    DemoScript script,
    SteppedClock clock,
    int seed,
    Action<string> tell
)
{
    // Moments closer together than this are one step.
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(5);
    private static readonly int[] OfficeHours = [9, 13, 17];

    private readonly PriorityQueue<(DemoLetter Letter, DemoDeed Deed), (DateTimeOffset, long)> _deeds = new();
    private readonly Queue<DemoEvent> _script = new(script.Events);
    private readonly PriorityQueue<DemoEvent, DateTimeOffset> _further = new();
    private readonly DemoOffice _office = new(faces, seed);
    private readonly Dictionary<DemoDeed, int> _done = [];
    private long _lastLetter;
    private int _told;
    private int _letters;

    private ITurn[] Turns =>
        [
            services.GetRequiredService<FactsWorker>(),
            services.GetRequiredService<AdvanceWorker>(),
            services.GetRequiredService<RecoveryWorker>(),
            services.GetRequiredService<DispatchWorker>(),
            services.GetRequiredService<OutboxWorker>(),
        ];

    /// <summary>Plays what was before <paramref name="start"/>, and the days from then on.</summary>
    public async Task PlayAsync(DateTimeOffset start, int days, CancellationToken cancellationToken)
    {
        var (end, reported) = (start.AddDays(days), 0);
        var tallies = services.GetRequiredService<Tallies>();
        while (clock.GetUtcNow() < end)
        {
            await StepAsync(cancellationToken);
            var week = (int)(clock.GetUtcNow() - start).TotalDays / 7;
            if (week > reported)
            {
                reported = week;
                Report(week * 7, days);
            }

            clock.StepTo(Earlier(end, Next(await tallies.FindNextDueAsync(clock.GetUtcNow(), cancellationToken))));
        }

        await StepAsync(cancellationToken);
        Report(days, days);
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        while (_script.TryPeek(out var next) && next.At <= now)
        {
            await TellAsync(_script.Dequeue(), cancellationToken);
        }

        while (_further.TryPeek(out _, out var at) && at <= now)
        {
            await TellAsync(_further.Dequeue(), cancellationToken);
        }

        while (_deeds.TryPeek(out _, out var due) && due.Item1 <= now)
        {
            var (letter, deed) = _deeds.Dequeue();
            await faces.DoAsync(letter, deed, cancellationToken);
            _done[deed] = _done.GetValueOrDefault(deed) + 1;
        }

        await DrainAsync(cancellationToken);
        await ReadLettersAsync(now, cancellationToken);
        if (IsOfficeHour(now))
        {
            foreach (var address in await _office.VisitAsync(cancellationToken))
            {
                Win(address, now);
            }

            await DrainAsync(cancellationToken);
        }
    }

    private async Task TellAsync(DemoEvent told, CancellationToken cancellationToken)
    {
        await faces.TellAsync(told, cancellationToken);
        _told++;
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

    private async Task ReadLettersAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var letter in await faces.LettersBehindAsync(_lastLetter, cancellationToken))
        {
            _lastLetter = letter.Id;
            // Colleagues get letters too: the briefs of hand-offs.
            if (script.Leads.TryGetValue(letter.Recipient, out var lead))
            {
                _letters++;
                foreach (var (after, deed) in DemoReader.Read(seed, lead, letter.Subject))
                {
                    _deeds.Enqueue((letter, deed), (now + after, letter.Id));
                }
            }
        }
    }

    // Sales has taken the lead over: the CRM says so the day after, and some weeks later perhaps that they have signed.
    private void Win(string address, DateTimeOffset now)
    {
        var lead = script.Leads[address];
        var sql = now.AddDays(1);
        Further(DemoScript.Moved(lead, sql, "MQL", "SQL"), sql);
        if (DemoReader.Chance($"{seed}|signs|{lead.Id}") < 0.45)
        {
            var signed = sql.AddDays(9 + (int)(DemoReader.Chance($"{seed}|when|{lead.Id}") * 12));
            Further(DemoScript.Moved(lead, signed, "SQL", "Rev"), signed);
        }
    }

    private void Further(JsonObject body, DateTimeOffset at) =>
        _further.Enqueue(new DemoEvent(at, script.Events.Count + _further.Count + _told, body), at);

    // The next moment of whatever comes first, and no later than the next hour of the office.
    private DateTimeOffset Next(DateTimeOffset? due)
    {
        var now = clock.GetUtcNow();
        var next = NextOfficeHour(now);
        next = _script.TryPeek(out var told) ? Earlier(next, told.At) : next;
        next = _further.TryPeek(out _, out var further) ? Earlier(next, further) : next;
        next = _deeds.TryPeek(out _, out var deed) ? Earlier(next, deed.Item1) : next;
        next = due is { } waits ? Earlier(next, waits) : next;
        var least = now + Grain;
        return next < least ? least : next;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static bool IsOfficeHour(DateTimeOffset at) =>
        at.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && OfficeHours.Contains(at.Hour) && at.Minute == 0;

    private static DateTimeOffset NextOfficeHour(DateTimeOffset now)
    {
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1);
        while (!IsOfficeHour(hour))
        {
            hour = hour.AddHours(1);
        }

        return hour;
    }

    private void Report(int day, int days) =>
        tell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"day {day, 3} of {days}: {_told, 5} CRM events, {_letters, 5} e-mails, {Done(DemoDeed.Open), 5} opens, {Done(DemoDeed.Click), 4} clicks, {Done(DemoDeed.Reply), 4} replies, {Done(DemoDeed.Unsubscribe), 3} unsubscribed"
            )
        );

    private int Done(DemoDeed deed) => _done.GetValueOrDefault(deed);
}
