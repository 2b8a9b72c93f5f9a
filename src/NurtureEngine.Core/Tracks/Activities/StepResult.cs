using System.Collections.Immutable;
using NurtureEngine.Core.Touches;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>What a step wants.</summary>
public abstract record StepResult
{
    private StepResult() { }

    /// <summary>What is to be done besides.</summary>
    public ImmutableArray<Decision> Decisions { get; init; } = [];

    /// <summary>Go on behind these ports.</summary>
    public sealed record Complete(ImmutableArray<string> Ports) : StepResult
    {
        public Complete(string port)
            : this([port]) { }

        /// <summary>A variable that gets a value; null where none does.</summary>
        public (string Name, string Value)? Variable { get; init; }
    }

    /// <summary>Stay until that instant (business time), then leave by the step's due port.</summary>
    public sealed record Sleep(DateTimeOffset Until) : StepResult;

    /// <summary>
    /// Stay until one of the signals that the step awaits, at most until that instant (business time; null without end). One that
    /// came before and that nobody has waited for counts.
    /// </summary>
    public sealed record Listen(DateTimeOffset? Until) : StepResult;

    /// <summary>Nothing to do yet: stay, and ask the step again at that instant (business time).</summary>
    public sealed record LookAgain(DateTimeOffset At) : StepResult;

    /// <summary>Plan a touch and stay until it is settled, so that the next step counts from what the lead really got.</summary>
    public sealed record Send(PlannedTouch Touch) : StepResult;

    /// <summary>Run the steps within this one, from that one on; null where there is nothing to run.</summary>
    public sealed record Open(StepId? First) : StepResult;

    /// <summary>The track is over for this enrollment, whatever else runs in it.</summary>
    public sealed record Finish : StepResult;

    /// <summary>The lead leaves the track: why, as a code, and an argument that holds no personal data.</summary>
    public sealed record Exit(string Code, string? Argument) : StepResult;

    /// <summary>The enrollment can't go on: a code, and an argument that holds no personal data.</summary>
    public sealed record Fault(string Code, string? Argument) : StepResult;
}
