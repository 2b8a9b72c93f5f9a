using System.Net;
using System.Text;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Handoffs;

/// <summary>Who the lead is and why now, in the organisation's language: a plain text, and the same as HTML.</summary>
public sealed record HandoffBrief(string Language, string Subject, string Text, string Html)
{
    /// <summary>The brief of a lead. The reason is the track's, null if it has none; the owner is an e-mail address, null if the lead has no owner.</summary>
    public static HandoffBrief Of(RunValues values, Track track, string? reason, string? owner, Guid id)
    {
        var words = HandoffWords.In(values.Rulebook.DefaultLanguage);
        var name = values.Lead.Fields[Fields.Name] ?? values.Lead.Email ?? $"{values.Lead.Key}";
        var company = values.Account?.Fields[Fields.Name];
        var why = Said(Reasons(values, track, words, reason, owner, id));
        List<(string Label, string Value)> rows = [.. Said(Person(values, words)), .. why];
        return new HandoffBrief(
            words.Language,
            OneLine(company is null ? $"{words.Subject}: {name}" : $"{words.Subject}: {name}, {company}"),
            Lines(rows),
            Table(rows)
        )
        {
            Headline = OneLine(
                string.Join(
                    ": ",
                    new[] { words.Subject, string.Join(", ", Known(values.Lead.Fields[Fields.Name], company)) }.Where(
                        part => part.Length > 0
                    )
                )
            ),
            Why = Lines(why),
        };
    }

    /// <summary>The subject without how to reach the lead: their name and company, as far as they are known.</summary>
    public string Headline { get; private init; } = "";

    /// <summary>The part of the text that says why now, without how to reach the lead.</summary>
    public string Why { get; private init; } = "";

    private static IEnumerable<string> Known(params string?[] texts) =>
        texts.Where(text => !string.IsNullOrWhiteSpace(text)).OfType<string>();

    private static List<(string Label, string Value)> Said(IEnumerable<(string Label, string? Value)> rows) =>
        [
            .. rows.Where(row => !string.IsNullOrWhiteSpace(row.Value))
                .Select(row => (row.Label, Value: OneLine(row.Value!))),
        ];

    private static string Lines(List<(string Label, string Value)> rows) =>
        string.Join('\n', rows.Select(row => $"{row.Label}: {row.Value}")) + "\n";

    private static IEnumerable<(string Label, string? Value)> Person(RunValues values, HandoffWords words)
    {
        var (lead, account) = (values.Lead, values.Account);
        yield return (words.Name, lead.Fields[Fields.Name]);
        yield return (words.Title, lead.Fields[Fields.Title]);
        yield return (words.Role, lead.Role);
        yield return (words.Email, lead.Email);
        yield return (words.Phone, lead.Fields[Fields.Phone]);
        yield return (words.Company, account?.Fields[Fields.Name]);
        yield return (words.Industry, account?.Fields[Fields.Industry]);
        yield return (words.Size, account?.Fields[Fields.Size]);
    }

    private static IEnumerable<(string Label, string? Value)> Reasons(
        RunValues values,
        Track track,
        HandoffWords words,
        string? reason,
        string? owner,
        Guid id
    )
    {
        var (lead, account) = (values.Lead, values.Account);
        yield return (words.Tier, account is null ? null : $"{values.Tier}");
        yield return (words.Reason, reason);
        foreach (var stage in lead.Stages.Values)
        {
            yield return ($"{words.Stage} ({stage.LifeCycle})", $"{stage.Stage}, {stage.Since:yyyy-MM-dd}");
        }

        yield return (words.Score, $"{lead.Score}");
        foreach (var criterion in values.Rulebook.Criteria)
        {
            yield return (
                criterion,
                Evidence.Of(lead, criterion) is { } evidence
                    ? $"{evidence.Fact} ({evidence.Source}, {evidence.At:yyyy-MM-dd})"
                    : words.Open
            );
        }

        yield return (words.Owner, owner);
        yield return (words.Track, track.Name);
        yield return (words.Handoff, $"{id}");
    }

    private static string Table(List<(string Label, string Value)> rows)
    {
        var html = new StringBuilder("<table cellpadding=\"4\" style=\"font-family:sans-serif;font-size:15px\">");
        foreach (var (label, value) in rows)
        {
            html.Append("<tr valign=\"top\"><th align=\"left\">")
                .Append(WebUtility.HtmlEncode(label))
                .Append("</th><td>")
                .Append(WebUtility.HtmlEncode(value))
                .Append("</td></tr>");
        }

        return html.Append("</table>").ToString();
    }

    // A value with a line break could pass for a label of its own.
    private static string OneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
