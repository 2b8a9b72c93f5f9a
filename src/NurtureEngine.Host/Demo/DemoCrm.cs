using NurtureEngine.Host.Demo.Figures;
using NurtureEngine.Host.Demo.World;

namespace NurtureEngine.Host.Demo;

/// <summary>The CRM of a demo: it tells what the script says, and what follows from what sales has done.</summary>
internal sealed class DemoCrm(DemoFaces faces, DemoScript script, DemoLedger ledger, int seed)
{
    private readonly Queue<DemoEvent> _script = new(script.Events);
    private readonly PriorityQueue<DemoEvent, DateTimeOffset> _further = new();
    private readonly Dictionary<string, int> _stages = [];
    private int _followed;

    /// <summary>When something is told next; null where nothing is.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            DateTimeOffset? told = _script.TryPeek(out var next) ? next.At : null;
            return _further.TryPeek(out _, out var further) && !(told < further) ? further : told;
        }
    }

    /// <summary>Tells all that has happened until a moment.</summary>
    public async Task TellUntilAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (_script.TryPeek(out var next) && next.At <= now)
        {
            await TellAsync(_script.Dequeue(), cancellationToken);
        }

        while (_further.TryPeek(out _, out var at) && at <= now)
        {
            await TellAsync(_further.Dequeue(), cancellationToken);
        }
    }

    /// <summary>Sales has accepted a lead: the day after it is sales qualified.</summary>
    public void Accept(string address, DateTimeOffset now) =>
        Follow(script.Leads[address], now.AddDays(1), "MQL", "SQL");

    private async Task TellAsync(DemoEvent told, CancellationToken cancellationToken)
    {
        // What sales has entered meanwhile, nobody enters again.
        if (told.Stage is not null && !Arrives(told.Lead, told.Stage))
        {
            return;
        }

        await faces.TellAsync(told, cancellationToken);
        ledger.Add("events");
        if (told.Stage == "SQL" && DemoReader.Chance($"{seed}|signs|{told.Lead.Id}") < DemoRates.Signs)
        {
            var days = 30 + (int)(DemoReader.Chance($"{seed}|when|{told.Lead.Id}") * 50);
            Follow(told.Lead, told.At.AddDays(days), "SQL", "Rev");
        }
    }

    private bool Arrives(DemoLead lead, string stage)
    {
        var order = Array.IndexOf(DemoScript.Stages, stage);
        if (!_stages.TryGetValue(lead.Id, out var before))
        {
            ledger.Add("leads");
        }
        else if (before >= order)
        {
            return false;
        }

        _stages[lead.Id] = order;
        ledger.Add($"stage.{stage}");
        return true;
    }

    private void Follow(DemoLead lead, DateTimeOffset at, string from, string to) =>
        _further.Enqueue(
            new DemoEvent(at, script.Events.Count + _followed++, lead, DemoBodies.Moved(lead, at, from, to)),
            at
        );
}
