namespace NurtureEngine.Core.People;

/// <summary>What people are, and so what they may see and do.</summary>
public static class Roles
{
    /// <summary>May do everything.</summary>
    public const string Administrator = "administrator";

    /// <summary>Designs tracks and content.</summary>
    public const string Marketer = "marketer";

    /// <summary>Says yes or no to what must be approved.</summary>
    public const string Reviewer = "reviewer";

    /// <summary>Gets hand-offs.</summary>
    public const string Sales = "sales";

    /// <summary>Keeps the engine up.</summary>
    public const string Operator = "operator";

    /// <summary>Looks on.</summary>
    public const string Reader = "reader";

    /// <summary>Who may stop all sending, and let it go on.</summary>
    public static IReadOnlyList<string> MayStop { get; } = [Administrator, Operator];

    /// <summary>Who may change tracks.</summary>
    public static IReadOnlyList<string> MayDesign { get; } = [Administrator, Marketer];

    /// <summary>Who may pause, move and end what a lead is in.</summary>
    public static IReadOnlyList<string> MayAct { get; } = [Administrator, Marketer, Operator];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Administrator, Marketer, Reviewer, Sales, Operator, Reader];
}
