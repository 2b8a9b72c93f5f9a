namespace NurtureEngine.Postgres.Facts;

/// <summary>
/// Another writer created a lead or an account, or enrolled a lead in a version published meanwhile, between reading and
/// writing. The turn is rolled back and taken again.
/// </summary>
public sealed class FactsChangedException : Exception
{
    public FactsChangedException()
        : base("A lead, an account or an enrollment was created by another writer meanwhile.") { }

    internal static void ThrowUnless(bool unchanged)
    {
        if (!unchanged)
        {
            throw new FactsChangedException();
        }
    }
}
