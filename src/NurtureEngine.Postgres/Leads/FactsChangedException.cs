namespace NurtureEngine.Postgres.Leads;

/// <summary>Another writer created a lead or account between reading and writing. The turn is rolled back and taken again.</summary>
public sealed class FactsChangedException : Exception
{
    public FactsChangedException()
        : base("A lead or account was created by another writer meanwhile.") { }

    internal static void ThrowUnless(bool unchanged)
    {
        if (!unchanged)
        {
            throw new FactsChangedException();
        }
    }
}
