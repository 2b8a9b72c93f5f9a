using NurtureEngine.Core.Diagnostics;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Contents;

/// <summary>The fields that a content may read, so that a typing error is found before it costs a lead their message.</summary>
internal static class KnownFields
{
    // What ends in a dot has members of any name.
    private static readonly string[] All =
    [
        "lead.first_name",
        .. new[]
        {
            Fields.Email,
            Fields.Name,
            Fields.Phone,
            Fields.Title,
            Fields.Role,
            Fields.Language,
            Fields.TimeZone,
            Fields.Country,
        }.Select(field => $"lead.{field}"),
        "lead.acquisition.source",
        "lead.acquisition.campaign",
        "lead.owner.name",
        "lead.owner.email",
        "lead.score",
        "lead.tags",
        .. Fields.Card.Select(name => $"lead.card.{name}"),
        "lead.evidence.",
        "lead.custom.",
        "lead.stages.",
        "account.name",
        "account.industry",
        "account.size",
        "account.country",
        "account.domain",
        .. Fields.Dossier.Select(name => $"account.dossier.{name}"),
        "sender.name",
        "sender.address",
        "sender.company",
        "sender.postal_address",
        "email.subject",
        "email.preheader",
        "email.unsubscribe_url",
        "email.language",
        "email.purpose",
    ];

    /// <summary>What a sentence about an unknown field says is expected.</summary>
    public static Sentence Expected { get; } = $"one of {string.Join(", ", All.Select(Shown))}";

    /// <summary>What a template reads that no lead can have.</summary>
    /// <param name="file">Where the template stands, for the place of the fault.</param>
    /// <param name="template">The template.</param>
    /// <param name="isPartial">Whether it is included by others, whose variables it may read.</param>
    public static IEnumerable<Diagnostic> Check(string file, Template template, bool isPartial) =>
        template
            .Fields.Where(read => !IsKnown(read.Path) && (IsOfModel(read.Path) || !(isPartial || read.MayBeOwn)))
            .Select(read => new Diagnostic(
                $"{file}:{read.Line}:{read.Column}",
                $"'{read.Path}' is no field; expected {Expected}."
            ));

    private static bool IsOfModel(string path) => path.Split('.')[0] is "lead" or "account" or "sender" or "email";

    // A path may go on behind a field (lead.name.size) and may stop before one (if account).
    public static bool IsKnown(string path) =>
        All.Any(known =>
            known == path
            || path.StartsWith(known.EndsWith('.') ? known : known + ".", StringComparison.Ordinal)
            || known.StartsWith(path + ".", StringComparison.Ordinal)
        );

    private static string Shown(string known) => known.EndsWith('.') ? known + "…" : known;
}
