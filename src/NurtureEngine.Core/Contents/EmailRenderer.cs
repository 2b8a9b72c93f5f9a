using System.Globalization;
using NurtureEngine.Core.Gates;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Rulebooks;
using NurtureEngine.Core.Templating;

namespace NurtureEngine.Core.Contents;

/// <summary>Renders a content for one lead.</summary>
public static class EmailRenderer
{
    /// <summary>The e-mail, or the verdict that keeps the touch from leaving half filled in.</summary>
    public static (RenderedEmail? Email, Verdict? Fault) Render(
        Content content,
        Lead lead,
        Account? account,
        Sender sender,
        string defaultLanguage,
        string unsubscribeUrl
    )
    {
        var (language, templates) = content.In(lead.Language, defaultLanguage);
        var culture = CultureInfo.GetCultureInfo(language);
        var model = new LeadModel(lead, account, sender);
        Verdict? fault = null;

        var subject = One("subject", templates.Subject, OutputKind.Text);
        var preheader = One("preheader", templates.Preheader, OutputKind.Text);
        var body = model.With(
            "email",
            new DictionaryModel
            {
                ["subject"] = subject,
                ["preheader"] = preheader,
                ["unsubscribe_url"] = unsubscribeUrl,
                ["language"] = language,
                ["purpose"] = content.Source.Purpose,
            }
        );
        var html = One("html", templates.Html, OutputKind.Html, body);
        var text = templates.Text is null ? null : One("text", templates.Text, OutputKind.Text, body);
        return fault is null
            ? (
                LegalDuties.Apply(
                    new RenderedEmail(language, Line(subject), Line(preheader), html, text),
                    content.Source.Purpose,
                    lead,
                    sender,
                    unsubscribeUrl
                ),
                null
            )
            : (null, fault);

        string One(string part, Template template, OutputKind kind, IModel? other = null)
        {
            switch (template.Render(other ?? model, kind, culture, content.Partials))
            {
                case RenderResult.Rendered rendered:
                    return rendered.Text;
                case RenderResult.Missing missing:
                    fault ??= new Verdict.Skip("content.value_missing", missing.Field);
                    return "";
                case RenderResult.Exceeded exceeded:
                    fault ??= new Verdict.Skip("content.too_long", exceeded.Fault.In($"{part}.{language}"));
                    return "";
                case RenderResult.Failed failed:
                    fault ??= new Verdict.Skip("content.failed", failed.Fault.In($"{part}.{language}"));
                    return "";
                default:
                    throw new InvalidOperationException("A render result has no meaning here.");
            }
        }
    }

    // A header is one line; a value with a line break must not start a header of its own.
    private static string Line(string text) =>
        string.Join(
            ' ',
            text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        );
}
