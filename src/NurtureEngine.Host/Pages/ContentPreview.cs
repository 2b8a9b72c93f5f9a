using System.Net;
using NurtureEngine.Core.Contents;
using NurtureEngine.Core.Leads;
using NurtureEngine.Host.Contents;
using NurtureEngine.Host.Rulebooks;

namespace NurtureEngine.Host.Pages;

/// <summary>Renders a content for an example lead, in a sandboxed frame.</summary>
internal sealed class ContentPreview(ContentCatalog contents, CurrentRulebook rulebook, TimeProvider machineTime)
{
    // Images may come from anywhere, as in a mail client; everything else is blocked.
    private const string Policy =
        "default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";

    public static Task<IResult> AnswerAsync(
        ContentPreview preview,
        HttpContext http,
        int version,
        string language,
        CancellationToken cancellationToken
    ) => preview.ShowAsync(http, version, language, cancellationToken);

    private async Task<IResult> ShowAsync(
        HttpContext http,
        int version,
        string language,
        CancellationToken cancellationToken
    )
    {
        await contents.EnsureAsync([version], cancellationToken);
        if (contents.Find(version) is not { } content || !content.Source.Languages.ContainsKey(language))
        {
            return TypedResults.NotFound();
        }

        var (email, fault) = EmailRenderer.Render(
            content,
            Example(language),
            account: null,
            rulebook.Value.Senders.Values.First(),
            rulebook.Value.DefaultLanguage,
            "about:blank"
        );
        var page = email is not null
            ? email.Html
            : $"<!DOCTYPE html><meta charset=utf-8><p>{WebUtility.HtmlEncode(fault?.Code)} {WebUtility.HtmlEncode(fault?.Argument)}</p>";
        return Frame(http, page);
    }

    /// <summary>A rendered message as a page that runs and loads nothing of ours.</summary>
    public static IResult Frame(HttpContext http, string html)
    {
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers.XFrameOptions = "SAMEORIGIN";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Content(html, "text/html; charset=utf-8");
    }

    private Lead Example(string language)
    {
        var isChinese = language.StartsWith("zh", StringComparison.Ordinal);
        var said = new Dictionary<string, string?>
        {
            [Fields.Language] = language,
            [Fields.Name] = isChinese ? "李明" : "Alex Taylor",
            [Fields.GivenName] = isChinese ? "明" : "Alex",
            [Fields.FamilyName] = isChinese ? "李" : "Taylor",
            [Fields.Email] = "alex.taylor@example.com",
            [Fields.Title] = isChinese ? "采购总监" : "Head of Purchasing",
        };
        return new Lead
        {
            Key = new ExternalKey("example", "1"),
            Fields = FieldSet.Empty.With(said, new Stamp(null, machineTime.GetUtcNow())),
        };
    }
}
