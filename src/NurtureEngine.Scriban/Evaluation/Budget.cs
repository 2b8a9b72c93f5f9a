using System.Diagnostics;

namespace NurtureEngine.Scriban.Evaluation;

/// <summary>
/// What one rendering may use up: steps, characters that it makes, and time. Time is the one thing here that a clock decides;
/// it changes no result, but ends a rendering that nobody wants to wait for.
/// </summary>
internal sealed class Budget
{
    private const int MaxSteps = 100_000;
    private const int MaxMade = 10_000_000;
    private const int LongestText = 1_000_000;
    private const int StepsBetweenLooks = 200;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    private int _steps;
    private long _made;
    private int _nextLook = StepsBetweenLooks;
    private readonly long _startedAt = Stopwatch.GetTimestamp();

    /// <summary>Counts a step of a loop or list; too many end the rendering.</summary>
    public void Step(int at, int count = 1)
    {
        if ((_steps += count) > MaxSteps)
        {
            throw Passed($"The template takes more than {MaxSteps} steps.", at);
        }

        if (_steps >= _nextLook)
        {
            LookAtTime(at);
        }
    }

    /// <summary>Ends a rendering that takes too long: a step may be a search through a long text, and there may be many.</summary>
    public void LookAtTime(int at)
    {
        _nextLook = _steps + StepsBetweenLooks;
        if (Stopwatch.GetElapsedTime(_startedAt) > MaxTime)
        {
            throw Passed($"The template takes longer than {MaxTime.TotalSeconds} s.", at);
        }
    }

    /// <summary>Counts the characters of a text that was made; all together they are bounded, so that memory is.</summary>
    public string Charged(string text, int at)
    {
        _made += text.Length;
        return _made <= MaxMade && text.Length <= LongestText
            ? text
            : throw Passed(
                $"The template makes texts of more than {MaxMade} characters, or one of more than {LongestText}.",
                at
            );
    }

    /// <summary>Counts each item that is put into a list as a step.</summary>
    public IEnumerable<object?> Counted(IEnumerable<object?> items, int at)
    {
        foreach (var item in items)
        {
            Step(at);
            yield return item;
        }
    }

    private static ScriptFailure Passed(string message, int at) => new(message, at) { IsBound = true };
}
