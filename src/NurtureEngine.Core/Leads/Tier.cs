namespace NurtureEngine.Core.Leads;

/// <summary>How much care an account is given: T1 by people only, T2 reviewed by a person, T3 automatic.</summary>
public enum Tier
{
    T1 = 1,
    T2 = 2,
    T3 = 3,
}
