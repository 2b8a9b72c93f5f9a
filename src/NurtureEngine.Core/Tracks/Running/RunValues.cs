using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Tracks.Running;

/// <summary>What the expressions of a track read: the lead, their account, and the enrollment's own variables.</summary>
public sealed class RunValues
{
    private static readonly ImmutableSortedDictionary<string, string> NoVariables = ImmutableSortedDictionary.Create<
        string,
        string
    >(StringComparer.Ordinal);

    private readonly string _sender;
    private IModel? _model;

    /// <param name="lead">The lead as it stands.</param>
    /// <param name="account">The lead's company; null where none is known.</param>
    /// <param name="rulebook">The settings in force.</param>
    /// <param name="sender">The rulebook's sender that speaks in the track.</param>
    public RunValues(Lead lead, Account? account, Rulebook rulebook, string sender)
        : this(lead, account, rulebook, sender, NoVariables) { }

    private RunValues(
        Lead lead,
        Account? account,
        Rulebook rulebook,
        string sender,
        ImmutableSortedDictionary<string, string> variables
    ) => (Lead, Account, Rulebook, _sender, Variables) = (lead, account, rulebook, sender, variables);

    /// <summary>For tracks that read nothing of a lead: none has to be loaded.</summary>
    public static Lead Nobody { get; } = new() { Key = new ExternalKey("", "") };

    /// <summary>Conditions compare texts alike for every lead, whatever their language.</summary>
    public static CultureInfo Culture => CultureInfo.InvariantCulture;

    public Rulebook Rulebook { get; }

    public Lead Lead { get; }

    public Account? Account { get; }

    public Tier Tier => Account?.Tier ?? Rulebook.DefaultTier;

    /// <summary>The zone whose clock the lead lives by.</summary>
    public DateTimeZone Zone => Rulebook.ZoneOf(Lead);

    public ImmutableSortedDictionary<string, string> Variables { get; }

    /// <summary>The pools of content.</summary>
    public Pools Pools { get; init; } = Pools.None;

    /// <summary>Whether the ports by which steps are left are decisions too, for people who try a track.</summary>
    public bool TellsWays { get; init; }

    /// <summary>The contents that the lead has had, where the track asks for them.</summary>
    public IReadOnlySet<string> Had { get; init; } = ImmutableHashSet<string>.Empty;

    public IModel Model =>
        _model ??= new LeadModel(Lead, Account, Rulebook.SenderFor(_sender)).With(
            "variables",
            new VariableModel(Variables)
        );

    public RunValues With(ImmutableSortedDictionary<string, string> variables) =>
        new(Lead, Account, Rulebook, _sender, variables) { Pools = Pools, Had = Had };

    private sealed class VariableModel(ImmutableSortedDictionary<string, string> variables) : IModel
    {
        public bool TryGet(string name, out object? value)
        {
            var isKnown = variables.TryGetValue(name, out var text);
            value = text;
            return isKnown;
        }
    }
}
