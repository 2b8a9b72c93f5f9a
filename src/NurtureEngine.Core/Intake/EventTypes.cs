namespace NurtureEngine.Core.Intake;

/// <summary>The types of event a CRM may fire.</summary>
public static class EventTypes
{
    public const string StageChanged = "lead.stage_changed";
    public const string Created = "lead.created";
    public const string Updated = "lead.updated";
    public const string Deleted = "lead.deleted";

    private static readonly string[] Families = ["lead.", "deal.", "activity."];

    /// <summary>The types whose facts are applied. The others of the families are kept and can be replayed once they are.</summary>
    public static IReadOnlyList<string> Applied { get; } = [StageChanged, Created, Updated, Deleted];

    /// <summary>Whether a type belongs to the contract at all: a dot-separated name of one of its families.</summary>
    public static bool IsKnownFamily(string type) =>
        type.Length <= 100
        && Families.Any(family => type.StartsWith(family, StringComparison.Ordinal) && type.Length > family.Length)
        && type.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_');
}
