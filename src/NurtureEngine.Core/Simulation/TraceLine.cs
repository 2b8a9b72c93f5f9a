namespace NurtureEngine.Core.Simulation;

/// <summary>One thing that happens in a trace, at an instant of business time; the kind is one word, the text what it is about.</summary>
public sealed record TraceLine(DateTimeOffset At, string Kind, string Text);
