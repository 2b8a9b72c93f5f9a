namespace NurtureEngine.Core.Leads;

/// <summary>A lead's company.</summary>
public readonly record struct AccountId(long Value);
