namespace NurtureEngine.Core.Tracks.Running;

/// <summary>Something that happened and that steps may wait for, at the business time at which the engine learnt of it.</summary>
/// <param name="Kind">An event's type, such as <c>activity.replied</c>, or what the engine itself has done.</param>
/// <param name="At">When it was learnt.</param>
public sealed record Signal(string Kind, DateTimeOffset At)
{
    /// <summary>Of what: the form, page, file or event that it names; null where it names none.</summary>
    public string? Name { get; init; }

    /// <summary>The step of the enrollment that it answers, such as the one whose e-mail was opened; null where it answers none.</summary>
    public StepId? Step { get; init; }

    /// <summary>The visit of that step that it answers; null where it is no answer to a step that asked.</summary>
    public int? Visit { get; init; }

    /// <summary>The names under which steps may wait for it.</summary>
    public IEnumerable<string> Keys
    {
        get
        {
            yield return Kind;
            if (!string.IsNullOrEmpty(Name))
            {
                yield return Named(Kind, Name);
            }

            if (Step is { } step)
            {
                yield return Answering(Kind, step);
            }
        }
    }

    /// <summary>The key of a kind for one name, whatever its case.</summary>
    public static string Named(string kind, string name) => $"{kind}:{name.Trim().ToLowerInvariant()}";

    /// <summary>The key of an answer to one step.</summary>
    public static string Answering(string kind, StepId step) => $"{kind}@{step.Value}";
}
