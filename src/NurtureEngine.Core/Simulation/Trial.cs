using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks;

namespace NurtureEngine.Core.Simulation;

/// <summary>What a track does with one lead, from entering on.</summary>
/// <param name="Lines">What happens, in order.</param>
public sealed record Trial(IReadOnlyList<TraceLine> Lines)
{
    private static readonly TimeSpan Horizon = TimeSpan.FromDays(366);

    private static readonly string[] Ends = ["completed", "exited", "parked", "declined"];

    /// <summary>The steps in the order in which they were entered, and how it ended: what a saved test lead is held against.</summary>
    public IReadOnlyList<string> Path =>
        [
            .. Lines
                .Where(line => line.Kind == "step" || Ends.Contains(line.Kind))
                .Select(line =>
                    line.Kind == "step" ? line.Step!
                    : line.Code is { } code ? $"{line.Kind} {code}"
                    : line.Kind
                ),
        ];

    /// <summary>Runs an invented lead through a track.</summary>
    public static Trial Of(Track track, Rulebook rulebook, Pools pools, TrialLead invented)
    {
        var (lead, account) = invented.Make(rulebook, track.Settings.LifeCycle);
        return Of(track, rulebook, pools, lead, account, invented);
    }

    /// <summary>Runs a lead that is known through a track; the invented one says when it enters and what it does.</summary>
    public static Trial Of(
        Track track,
        Rulebook rulebook,
        Pools pools,
        Lead lead,
        Account? account,
        TrialLead invented
    ) =>
        new(
            TrackTrace.Run(
                track,
                new TraceScene(rulebook, pools, lead, account) { EntersAtOnce = true },
                [.. invented.Events().Select(done => done with { Lead = lead.Key })],
                invented.Start,
                Horizon
            )
        );

    /// <summary>Whether the lead would be let in: of the audience, and with no reason to leave at once.</summary>
    public static bool IsAdmitted(Track track, Rulebook rulebook, Pools pools, Lead lead, Account? account) =>
        track.Admits(new Tracks.Running.RunValues(lead, account, rulebook, track.Settings.Sender) { Pools = pools });
}
