namespace NurtureEngine.Core.Leads;

/// <summary>What another system calls a lead or a company; unique per source.</summary>
public readonly record struct ExternalKey(string Source, string ExternalId);
