using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;

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
        return Of(track, new TraceScene(rulebook, pools, lead, account), invented);
    }

    /// <summary>Runs the lead of a scene through a track; the invented one says when it enters and what it does.</summary>
    public static Trial Of(Track track, TraceScene scene, TrialLead invented) =>
        new(
            TrackTrace.Run(
                track,
                scene with
                {
                    EntersAtOnce = true,
                },
                invented.Events(scene.Lead.Key, track.Settings.LifeCycle),
                invented.Start,
                Horizon
            )
        );

    /// <summary>Whether the lead would be let in: of the audience, and with no reason to leave at once.</summary>
    public static bool IsAdmitted(Track track, TraceScene scene) =>
        track.Admits(
            new RunValues(scene.Lead, scene.Account, scene.Rulebook, track.Settings.Sender)
            {
                Pools = scene.Pools,
                Had = scene.Had.ToHashSet(StringComparer.Ordinal),
            }
        );
}
