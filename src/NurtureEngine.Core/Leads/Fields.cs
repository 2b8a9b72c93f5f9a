using System.Collections.Immutable;

namespace NurtureEngine.Core.Leads;

/// <summary>The names of the fields that the engine itself reads. Custom fields are <c>custom.</c> and a name, their values JSON.</summary>
public static class Fields
{
    public const string Email = "email";
    public const string Name = "name";

    /// <summary>The parts of a name, where a source tells them apart; the name is made of both.</summary>
    public const string GivenName = "given_name";
    public const string FamilyName = "family_name";
    public const string Phone = "phone";

    /// <summary>What is dialled behind the telephone number.</summary>
    public const string PhoneExtension = "phone_extension";

    /// <summary><c>true</c> where the telephone number is none that a country gives out; it is kept as it was written.</summary>
    public const string PhoneUnread = "phone_unread";
    public const string Title = "title";
    public const string Role = "role";
    public const string Language = "language";
    public const string TimeZone = "time_zone";
    public const string Country = "country";
    public const string Industry = "industry";
    public const string Size = "size";
    public const string Tier = "tier";

    /// <summary>A company's domain on the internet, as its source wrote it.</summary>
    public const string Domain = "domain";

    /// <summary>A lead's tags, a JSON array of texts.</summary>
    public const string Tags = "tags";

    /// <summary>The role that the rulebook reads out of the title; it counts where nobody has told the role.</summary>
    public const string RoleByTitle = "role_by_title";

    public const string DealStage = "stage";
    public const string DealPipeline = "pipeline";
    public const string DealStatus = "status";

    /// <summary>A fact of a lead's card is <c>card.</c> and one of <see cref="Card"/>, its value as <see cref="Sourced"/> writes it.</summary>
    public const string CardPrefix = "card.";

    /// <summary>The three facts by which a message is made personal in three minutes.</summary>
    public static readonly ImmutableArray<string> Card = ["industry", "company", "person"];

    /// <summary>A section of a company's dossier is <c>dossier.</c> and one of <see cref="Dossier"/>, its value a list of <see cref="Sourced"/>.</summary>
    public const string DossierPrefix = "dossier.";

    /// <summary>What is found out about a company that is researched by itself.</summary>
    public static readonly ImmutableArray<string> Dossier =
    [
        "market",
        "company",
        "leadership",
        "power_centres",
        "strategy",
        "links",
        "history",
        "technology",
        "openers",
    ];

    /// <summary>That a lead has shown a stage's signs is <c>sign.</c>, the life cycle, a point and the stage; the value is when.</summary>
    public const string SignPrefix = "sign.";

    /// <summary>Whether a field's value is kept as JSON.</summary>
    public static bool IsJson(string field) =>
        field is Score or Tags
        || field.StartsWith(CustomPrefix, StringComparison.Ordinal)
        || field.StartsWith(EvidencePrefix, StringComparison.Ordinal)
        || field.StartsWith(CardPrefix, StringComparison.Ordinal)
        || field.StartsWith(DossierPrefix, StringComparison.Ordinal);

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
