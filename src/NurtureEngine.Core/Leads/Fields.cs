namespace NurtureEngine.Core.Leads;

/// <summary>The names of the fields that the engine itself reads. Custom fields are <c>custom.</c> and a name, their values JSON.</summary>
public static class Fields
{
    public const string Email = "email";
    public const string Name = "name";
    public const string Phone = "phone";
    public const string Title = "title";
    public const string Role = "role";
    public const string Language = "language";
    public const string TimeZone = "time_zone";
    public const string Country = "country";
    public const string Industry = "industry";
    public const string Size = "size";
    public const string Tier = "tier";

    /// <summary>The lead's company, as <see cref="ExternalKey.ToString"/> writes it.</summary>
    public const string Company = "company";

    /// <summary><c>true</c> once the source has deleted the lead.</summary>
    public const string Deleted = "deleted";

    public const string CustomPrefix = "custom.";

    /// <summary>The points that tracks gave the lead, a whole number.</summary>
    public const string Score = "score";

    /// <summary>Evidence is <c>evidence.</c> and the criterion, its value as <see cref="Leads.Evidence"/> writes it.</summary>
    public const string EvidencePrefix = "evidence.";
}
