namespace NurtureEngine.Core.Tracks.Flows;

/// <summary>An arrow of a flowchart: from a port of one step to another step.</summary>
public sealed record Connection(StepId From, string Port, StepId To);
