using System.Net;
using System.Text;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Tracks;
using NurtureEngine.Core.Tracks.Running;

namespace NurtureEngine.Core.Handoffs;

/// <summary>Who the lead is and why now, in the organisation's language: a plain text, and the same as HTML.</summary>
public sealed record HandoffBrief(string Language, string Subject, string Text, string Html)
{
    /// <summary>The brief of a lead; the reason is the track's, null where it gives none.</summary>
    public static HandoffBrief Of(RunValues values, Track track, string? reason, Guid id)
    {
        var words = HandoffWords.In(values.Rulebook.DefaultLanguage);
        var name = values.Lead.Fields[Fields.Name] ?? values.Lead.Email ?? $"{values.Lead.Key}";
        var company = values.Account?.Fields[Fields.Name];
        var rows = Rows(values, track, words, reason, id)
            .Where(row => !string.IsNullOrWhiteSpace(row.Value))
            .Select(row => (row.Label, Value: OneLine(row.Value!)))
            .ToList();
        return new HandoffBrief(
            words.Language,
            OneLine(company is null ? $"{words.Subject}: {name}" : $"{words.Subject}: {name}, {company}"),
            string.Join('\n', rows.Select(row => $"{row.Label}: {row.Value}")) + "\n",
            Table(rows)
        );
    }

    private static IEnumerable<(string Label, string? Value)> Rows(
        RunValues values,
        Track track,
        HandoffWords words,
        string? reason,
        Guid id
    )
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
