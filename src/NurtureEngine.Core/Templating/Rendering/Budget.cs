using System.Numerics;
using Scriban.Parsing;

namespace NurtureEngine.Core.Templating.Rendering;

/// <summary>
/// What one rendering may use up: steps, characters that it makes, and time. The clock changes no result; it ends a rendering that takes too long.
/// </summary>
internal sealed class Budget
{
    /// <summary>Characters that may be printed, and the longest text that may be made.</summary>
    public const int LongestText = 1_000_000;

    private const int MaxSteps = 100_000;

    /// <summary>Characters that all texts may have together, and all that is printed, captured and included.</summary>
    public const int MaxMade = 10_000_000;

    private const int StepsBetweenLooks = 256;
    private const int LargestNumber = 1_024;
    private const long MaxMilliseconds = 1_000;

    private int _steps;
    private long _made;
    private long _printed;
    private long _startedAt;

    /// <summary>Begins a rendering.</summary>
    public void Begin() => (_steps, _made, _printed, _startedAt) = (0, 0, 0, Environment.TickCount64);

    /// <summary>Counts a step; too many end the rendering.</summary>
    public void Step(SourceSpan span)
    {
        if (++_steps > MaxSteps)
        {
            throw new BoundException(span, $"The template takes more than {MaxSteps} steps.");
        }

        if (_steps % StepsBetweenLooks == 0)
        {
            LookAtTime(span);
        }
    }

    /// <summary>Ends a rendering that takes too long: one step may be a search through a long text.</summary>
    public void LookAtTime(SourceSpan span)
    {
        if (Environment.TickCount64 - _startedAt > MaxMilliseconds)
        {
            throw new BoundException(span, $"The template takes longer than {MaxMilliseconds / 1_000} s.");
        }
    }

    /// <summary>Counts the size of a value that was made; all together they are bounded, so that memory is.</summary>
    public void Charge(object value, SourceSpan span)
    {
        switch (value)
        {
            case string text:
                Charged(text, span);
                break;
            case Markup markup:
                Charged(markup.Value, span);
                break;
            case BigInteger number when number.GetBitLength() > LargestNumber:
                throw new BoundException(span, $"A number has more than {LargestNumber} bits.");
        }
    }

    /// <summary>Counts the characters of a text that was made.</summary>
    public string Charged(string text, SourceSpan span)
    {
        CheckLength(text.Length, span);
        return (_made += text.Length) <= MaxMade
            ? text
            : throw new BoundException(span, $"The template makes texts of more than {MaxMade} characters in all.");
    }

    /// <summary>Counts characters that are printed, captures included.</summary>
    public void Print(int count, SourceSpan span)
    {
        if ((_printed += count) > MaxMade)
        {
            throw new BoundException(span, $"The template prints more than {MaxMade} characters in all.");
        }
    }

    /// <summary>Ends a rendering that makes one text too long.</summary>
    public static void CheckLength(long length, SourceSpan span)
    {
        if (length > LongestText)
        {
            throw new BoundException(span, $"The text is longer than {LongestText} characters.");
        }
    }
}
