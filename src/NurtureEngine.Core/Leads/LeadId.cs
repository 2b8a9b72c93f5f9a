namespace NurtureEngine.Core.Leads;

/// <summary>A person as the engine knows them.</summary>
public readonly record struct LeadId(long Value);
