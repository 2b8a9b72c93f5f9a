using System.Globalization;
using Microsoft.Extensions.Options;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Reports;
using NurtureEngine.Core.Tracks.Activities;
using NurtureEngine.Host.Configuration;
using NurtureEngine.Host.Rulebooks;

namespace NurtureEngine.Host.Tracks;

/// <inheritdoc cref="IDesignerChoices" />
internal sealed class DesignerChoices(TrackCatalog catalog, CurrentRulebook rulebook, IOptions<NurtureOptions> options)
    : IDesignerChoices
{
    public async Task<ILookup<InputOffer, DesignerChoice>> ListAsync(CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(always: false, cancellationToken);
        return Contents()
            .Concat(catalog.Contents.Pools.Names.Select(pool => (InputOffer.Pools, new DesignerChoice(pool, pool))))
            .Concat(Stages())
            .Concat(
                rulebook.Value.LifeCycles.Select(cycle =>
                    (InputOffer.LifeCycles, new DesignerChoice(cycle.Name, cycle.Name))
                )
            )
            .Concat(
                catalog.Tracks.Current.Select(track =>
                    (InputOffer.Tracks, new DesignerChoice(track.Track.DefinitionId, track.Track.Name))
                )
            )
            .Concat(
                options.Value.Webhooks.Targets.Keys.Select(target =>
                    (InputOffer.Targets, new DesignerChoice(target, target))
                )
            )
            .Concat(
                rulebook.Value.Criteria.Select(criterion =>
                    (InputOffer.Criteria, new DesignerChoice(criterion, criterion))
                )
            )
            .ToLookup(choice => choice.Item1, choice => choice.Item2);
    }

    // The subject in the reader's language says more than the key; the languages are named, since a track may have readers of each.
    private IEnumerable<(InputOffer, DesignerChoice)> Contents() =>
        catalog
            .Contents.Current.Select(content => catalog.Contents.Find(content.Value)?.Source)
            .OfType<ContentSource>()
            .Select(source =>
            {
                var language = CultureInfo.CurrentUICulture.Name;
                var text =
                    source.Languages.GetValueOrDefault(language)
                    ?? source.Languages.GetValueOrDefault(rulebook.Value.DefaultLanguage)
                    ?? source.Languages.Values.First();
                return (
                    InputOffer.Contents,
                    new DesignerChoice(
                        source.Key,
                        $"{source.Key}: {text.Subject} ({string.Join(", ", source.Languages.Keys)})"
                    )
                    {
                        Channel = source.Channel,
                    }
                );
            });

    // A stage of several life cycles is one choice: the step's own life cycle says which is meant.
    private IEnumerable<(InputOffer, DesignerChoice)> Stages() =>
        rulebook
            .Value.LifeCycles.SelectMany(cycle => cycle.Stages.Select(stage => (Stage: stage.Name, Cycle: cycle.Name)))
            .GroupBy(stage => stage.Stage, stage => stage.Cycle)
            .Select(stage =>
                (
                    InputOffer.Stages,
                    new DesignerChoice(
                        stage.Key,
                        rulebook.Value.LifeCycles.Length > 1 ? $"{stage.Key} ({string.Join(", ", stage)})" : stage.Key
                    )
                )
            );
}
