using NurtureEngine.Core.Touches;

namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>What a step wants.</summary>
public abstract record StepResult
{
    private StepResult() { }

    /// <summary>Go on behind that port.</summary>
    public sealed record Complete(string Port) : StepResult;

    /// <summary>Stay until that instant (business time), then leave by <c>Done</c>.</summary>
    public sealed record Sleep(DateTimeOffset Until) : StepResult;

    /// <summary>Plan a touch and stay until it is settled, so that the next step counts from what the lead really got.</summary>
    public sealed record Send(PlannedTouch Touch) : StepResult;

    /// <summary>The track is over for this enrollment, whatever else runs in it.</summary>
    public sealed record Finish : StepResult;
}
