namespace NurtureEngine.Core.Leads;

/// <summary>What another system calls a lead or a company; unique per source.</summary>
public readonly record struct ExternalKey(string Source, string ExternalId)
{
    /// <summary>The source under which a lead goes that nobody has given an id; its id is the address. No webhook may use it.</summary>
    public const string ByAddress = "email";

    /// <summary>The source under which a company goes by its domain. No webhook may use it.</summary>
    public const string ByDomain = "domain";

    /// <summary><c>source:id</c>; a source's name has no colon.</summary>
    public override string ToString() => $"{Source}:{ExternalId}";

    public static ExternalKey Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return new ExternalKey(text[..colon], text[(colon + 1)..]);
    }
}
