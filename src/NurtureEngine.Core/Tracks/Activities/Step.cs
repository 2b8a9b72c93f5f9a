namespace NurtureEngine.Core.Tracks.Activities;

/// <summary>One activity of a track, compiled. What it does on entry is its own; the runner only follows the result.</summary>
public abstract record Step(StepId Id, string Name)
{
    /// <summary>The port that a step without outcomes of its own leaves by.</summary>
    public const string Done = "Done";

    /// <summary>What happens when an enrollment arrives; pure.</summary>
    public abstract StepResult Enter(Visit visit);
}

/// <summary>One pass of an enrollment through a step, at business time <paramref name="Now"/>.</summary>
public sealed record Visit(Track Track, EnrollmentId Enrollment, StepId Step, int Number, DateTimeOffset Now);
