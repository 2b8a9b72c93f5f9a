namespace NurtureEngine.Core.People;

/// <summary>Somebody who signs in. Its values change while the framework works on it; what is stored is what was written last.</summary>
public sealed class Person
{
    /// <summary>0 until it is stored.</summary>
    public long Id { get; set; }

    /// <summary>By what they sign in, as it was typed.</summary>
    public string UserName { get; set; } = "";

    /// <summary>The user name in the form by which it is found.</summary>
    public string UserNameKey { get; set; } = "";

    /// <summary>Null until there is a password.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Whether the password is one that somebody else has seen: the first thing they do is to choose another.</summary>
    public bool MustChange { get; set; }

    /// <summary>Changes with whatever ends their sessions.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>Issuer and subject of a person who is added at their first sign-in by an identity provider; null for others.</summary>
    public (string Issuer, string Subject)? Login { get; set; }

    /// <summary>What the next write adds to the audit log, in the same transaction; the store fills in the subject. Null adds nothing.</summary>
    public AuditEntry? Entry { get; set; }

    /// <summary>Changes with every write, so that of two at once the second is told.</summary>
    public Guid Version { get; set; }
}
