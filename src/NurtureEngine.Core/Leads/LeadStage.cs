namespace NurtureEngine.Core.Leads;

/// <summary>Where a lead stands in one life cycle, since when, and by how new a fact.</summary>
public sealed record LeadStage(string LifeCycle, string Stage, DateTimeOffset Since, Stamp Stamp);
