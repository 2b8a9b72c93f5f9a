using System.Globalization;
using System.Net;
using System.Text;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Benchmarks.Templating;

/// <summary>The benchmark's template as a programmer would write it without one: its texts, and values escaped between them.</summary>
internal sealed class HandWrittenMail(string template)
{
    private static readonly string[] Topics =
    [
        "the checklist we wish we had had",
        "a cost model to fill in",
        "three cases",
        "the objections",
        "an invitation",
    ];

    // Every second piece is code; what the code does is written out below.
    private readonly string[] _texts =
    [
        .. template
            .Split("{{")
            .Select((piece, i) => i == 0 ? piece : piece[(piece.IndexOf("}}", StringComparison.Ordinal) + 2)..]),
    ];

    public string Render(Lead lead, Account account, Sender sender)
    {
        var mail = new StringBuilder();
        var next = 0;
        void Text() => mail.Append(_texts[next++]);
        void Skip() => next++;
        void Value(string? value)
        {
            mail.Append(WebUtility.HtmlEncode(value));
            Text();
        }

        Text();
        Value("Five weeks");
        Value("One mail a week, then silence.");
        Value(lead.Fields["name"]?.Split(' ')[0] ?? "there");
        Value(account.Fields["name"] ?? "your company");
        Value(lead.Fields["title"]);
        if (lead.Fields["role"] == "decision_maker")
        {
            Text();
            Value(account.Fields["industry"]);
            Skip();
            Text();
        }
        else
        {
            Skip();
            Skip();
            Text();
            Text();
        }

        var (line, between, end) = (_texts[next], _texts[next + 1], _texts[next + 2]);
        next += 3;
        for (var i = 0; i < Topics.Length; i++)
        {
            mail.Append(line).Append((i + 1).ToString(CultureInfo.InvariantCulture)).Append(between);
            mail.Append(WebUtility.HtmlEncode(Topics[i])).Append(end);
        }

        Text();
        Value(account.Fields["name"] ?? "your company");
        Value(lead.Fields["owner.name"]);
        Value(lead.Fields["owner.email"]);
        Value(account.Fields["name"] ?? "your company");
        Value(sender.Name);
        Value(sender.Company);
        Value(sender.PostalAddress);
        return mail.ToString();
    }
}
