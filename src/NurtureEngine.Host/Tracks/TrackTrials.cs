using System.Net;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Simulation;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Drafts;
using NurtureEngine.Host.Rulebooks;
using NurtureEngine.Host.Scheduling;
using NurtureEngine.Postgres.Tracks;

namespace NurtureEngine.Host.Tracks;

/// <inheritdoc cref="ITrackTrials" />
internal sealed class TrackTrials(
    TrialStore store,
    ITrackDrafts drafts,
    TrackCheck check,
    TrackCatalog catalog,
    CurrentRulebook rulebook,
    [FromKeyedServices(Clocks.Business)] TimeProvider business
) : ITrackTrials
{
    public async Task<TrialAnswer?> RunAsync(TrialOrder order, LeadReach reach, CancellationToken cancellationToken)
    {
        var state = await drafts.FindAsync(order.DefinitionId, cancellationToken);
        if (state.Definition is not { } definition)
        {
            return null;
        }

        await catalog.RefreshAsync(always: false, cancellationToken);
        var answer = new TrialAnswer { Definition = definition, IsDraft = state.Draft is not null };
        if (check.Compile(definition, out var faults) is not { } track)
        {
            return answer with { Faults = faults };
        }

        var stages = rulebook.Value.FindLifeCycle(track.Settings.LifeCycle)?.Stages ?? [];
        answer = answer with { Stages = [.. stages.Select(stage => stage.Name)] };
        return await SceneAsync(order, track, reach, cancellationToken) is { } scene
            ? answer with
            {
                Trial = Trial.Of(track, scene, order.Lead),
                IsAdmitted = Trial.IsAdmitted(track, scene),
            }
            : answer;
    }

    public async Task<string?> RenderAsync(
        TrialOrder order,
        LeadReach reach,
        int line,
        CancellationToken cancellationToken
    )
    {
        var answer = await RunAsync(order, reach, cancellationToken);
        if (answer?.Trial?.Lines.ElementAtOrDefault(line) is not { Content: { } key } message)
        {
            return null;
        }

        if (catalog.Contents.Find(catalog.Contents.Current.GetValueOrDefault(key)) is not { } content)
        {
            return null;
        }

        var sender = check.Compile(answer.Definition, out _)!.Settings.Sender;
        var (email, fault) = EmailRenderer.Render(
            content,
            message.Lead,
            message.Account,
            rulebook.Value.SenderFor(sender),
            rulebook.Value.DefaultLanguage,
            "about:blank"
        );
        return email is not null
            ? email.Html
            : $"<!DOCTYPE html><meta charset=utf-8><p>{WebUtility.HtmlEncode(fault?.Code)} {WebUtility.HtmlEncode(fault?.Argument)}</p>";
    }

    public async Task<IReadOnlyList<TrialScore>> ScoresAsync(string definitionId, CancellationToken cancellationToken)
    {
        var rows = await store.ListAsync(definitionId, cancellationToken);
        if (rows.Count == 0)
        {
            return [];
        }

        await catalog.RefreshAsync(always: false, cancellationToken);
        var definition = (await drafts.FindAsync(definitionId, cancellationToken)).Definition;
        var track = definition is null ? null : check.Compile(definition, out _);
        return [.. rows.Select(row => check.ScoreOf(row, track))];
    }

    public async Task<bool> SaveAsync(
        string definitionId,
        string name,
        TrialLead lead,
        string actor,
        CancellationToken cancellationToken
    )
    {
        var order = new TrialOrder(definitionId, lead, Chosen: null);
        return (await RunAsync(order, LeadReach.All, cancellationToken))?.Trial is { } trial
            && await store.SaveAsync(
                definitionId,
                new TrialRow
                {
                    Name = name,
                    Lead = TrialText.Write(lead),
                    Expected = [.. trial.Path],
                },
                actor,
                business.GetUtcNow(),
                cancellationToken
            );
    }

    public Task<bool> DeleteAsync(string definitionId, string name, CancellationToken cancellationToken) =>
        store.DeleteAsync(definitionId, name, cancellationToken);

    // Null where the chosen lead is not there, or not for this reader.
    private async Task<TraceScene?> SceneAsync(
        TrialOrder order,
        Track track,
        LeadReach reach,
        CancellationToken cancellationToken
    )
    {
        var pools = catalog.Contents.Pools;
        if (order.Chosen is not { } id)
        {
            var (invented, company) = order.Lead.Make(rulebook.Value, track.Settings.LifeCycle);
            return new TraceScene(rulebook.Value, pools, invented, company);
        }

        return await store.FindLeadAsync(id, reach, cancellationToken) is var (lead, account, had)
            ? new TraceScene(rulebook.Value, pools, lead, account) { Had = had }
            : null;
    }
}
