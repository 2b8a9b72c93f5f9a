using System.Collections.Immutable;
using System.Globalization;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Core.Simulation;

/// <summary>An invented lead for trying a track, and what this lead does on the way.</summary>
public sealed record TrialLead
{
    /// <summary>How many acts a lead may do.</summary>
    public const int MostActs = 50;

    private static readonly ExternalKey Key = new("trial", "lead");
    private static readonly ExternalKey AccountKey = new("trial", "account");

    /// <summary>The buyer's role; empty for none.</summary>
    public string Role { get; init; } = "";

    /// <summary>The tier of the account; empty for the usual one.</summary>
    public string Tier { get; init; } = "";

    /// <summary>The language, such as <c>en</c>; empty for the usual one.</summary>
    public string Language { get; init; } = "";

    /// <summary>The stage of the track's life cycle; empty for none.</summary>
    public string Stage { get; init; } = "";

    /// <summary>How many people the account has; empty if not known.</summary>
    public string Size { get; init; } = "";

    /// <summary>The points; empty for none.</summary>
    public string Score { get; init; } = "";

    /// <summary>When the lead enters (business time in UTC).</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>What the lead does, and when.</summary>
    public ImmutableArray<TrialAct> Acts { get; init; } = [];

    /// <summary>The lead and the account as they enter.</summary>
    /// <param name="rulebook">The rulebook in force.</param>
    /// <param name="lifeCycle">The life cycle of the track.</param>
    public (Lead Lead, Account Account) Make(Rulebook rulebook, string lifeCycle)
    {
        var isChinese = Language.StartsWith("zh", StringComparison.Ordinal);
        var stamp = new Stamp(null, Start);
        var fields = new Dictionary<string, string?>
        {
            [Fields.Email] = "alex.taylor@example.com",
            [Fields.Name] = isChinese ? "李明" : "Alex Taylor",
            [Fields.GivenName] = isChinese ? "明" : "Alex",
            [Fields.FamilyName] = isChinese ? "李" : "Taylor",
            [Fields.Language] = Filled(Language),
            [Fields.Role] = Filled(Role),
            [Fields.Score] = Filled(Score),
        };
        var lead = new Lead
        {
            Key = Key,
            Fields = FieldSet.Empty.With(fields.Where(field => field.Value is not null), stamp),
        };
        if (rulebook.FindLifeCycle(lifeCycle)?.FindStage(Stage) is { } stage)
        {
            lead = lead with
            {
                Stages = lead.Stages.Add(lifeCycle, new LeadStage(lifeCycle, stage.Name, Start, stamp)),
            };
        }

        var account = Account.New(AccountKey);
        var company = new Dictionary<string, string?>
        {
            [Fields.Name] = isChinese ? "示例公司" : "Example Ltd",
            [Fields.Tier] = Filled(Tier),
            [Fields.Size] = Filled(Size),
        };
        return (
            lead,
            account with
            {
                Fields = account.Fields.With(company.Where(field => field.Value is not null), stamp),
            }
        );
    }

    /// <summary>What a lead does, as events.</summary>
    /// <param name="lead">Whose they are.</param>
    /// <param name="lifeCycle">The life cycle within which the lead moves: the track's.</param>
    public IReadOnlyList<CrmEvent> Events(ExternalKey lead, string lifeCycle) =>
        [.. Acts.Select(act => act.ToEvent(lead, lifeCycle, Start))];

    private static string? Filled(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

/// <summary>Something that an invented lead does.</summary>
/// <param name="After">How long after entering.</param>
/// <param name="Does">An event's type, of those that <see cref="Known" /> lists.</param>
/// <param name="Value">The stage that a lead moves to; null for other acts.</param>
public sealed record TrialAct(TimeSpan After, string Does, string? Value)
{
    /// <summary>What a lead can do.</summary>
    public static ImmutableArray<string> Known { get; } =
    [EventTypes.EmailOpened, EventTypes.LinkClicked, EventTypes.Replied, EventTypes.StageChanged];

    /// <summary>The text that <see cref="Parse" /> reads: minutes after entering, the event and the stage.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)After.TotalMinutes}|{Does}|{Value}");

    /// <summary>An act from its text; null where it is none.</summary>
    public static TrialAct? Parse(string? text) =>
        text?.Split('|', 3) is [var minutes, var does, var value]
        && int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var after)
        && after <= 5 * 366 * 24 * 60
        && Known.Contains(does)
        && value.Length <= 100
        && (does == EventTypes.StageChanged) == (value.Length > 0)
            ? new TrialAct(TimeSpan.FromMinutes(after), does, value.Length > 0 ? value : null)
            : null;

    internal CrmEvent ToEvent(ExternalKey lead, string lifeCycle, DateTimeOffset start) =>
        new()
        {
            Type = Does,
            Lead = lead,
            Stamp = new Stamp(null, start + After),
            Stage = Value is { } stage ? new StageChange(lifeCycle, null, stage) : null,
            Activity = EventTypes.IsActivity(Does) ? new Activity(null, null) : null,
        };
}
