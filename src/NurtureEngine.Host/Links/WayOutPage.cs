using System.Text;

namespace NurtureEngine.Host.Links;

/// <summary>The pages that a reader of an e-mail may see, in English and Chinese: small, without scripts, cookies or names.</summary>
internal static class WayOutPage
{
    /// <summary><c>zh-CN</c> where the browser prefers Chinese, else <c>en</c>.</summary>
    public static string LanguageOf(HttpRequest request) =>
        $"{request.Headers.AcceptLanguage}".TrimStart().StartsWith("zh", StringComparison.OrdinalIgnoreCase)
            ? "zh-CN"
            : "en";

    public static IResult Ask(string language) =>
        Page(
            language,
            StatusCodes.Status200OK,
            language == "en"
                ? (
                    "Unsubscribe",
                    "Do you want to get no more e-mails of this kind? One click is enough, and it holds at once."
                )
                : ("退订", "不想再收到这类邮件？点一下即可，立即生效。"),
            language == "en" ? "Unsubscribe" : "确认退订"
        );

    public static IResult Done(string language) =>
        Page(
            language,
            StatusCodes.Status200OK,
            language == "en"
                ? ("You are unsubscribed", "We will send you no more e-mails of this kind. You can close this page.")
                : ("已退订", "我们不会再给您发送这类邮件。您可以关闭此页面。")
        );

    public static IResult Unknown(string language) =>
        Page(
            language,
            StatusCodes.Status404NotFound,
            language == "en"
                ? (
                    "This link is not complete",
                    "Please copy the whole link from the e-mail, or reply to the e-mail to be taken off the list."
                )
                : ("链接不完整", "请从邮件中复制完整的链接，或直接回复邮件告知我们。")
        );

    public static IResult Gone(string language) =>
        Page(
            language,
            StatusCodes.Status200OK,
            language == "en"
                ? ("This link has expired", "What it led to is not kept any longer. A reply to the e-mail reaches us.")
                : ("链接已过期", "该链接指向的内容已不再保留。您可以直接回复邮件与我们联系。")
        );

    private static IResult Page(string language, int status, (string Title, string Text) words, string? button = null)
    {
        // The form posts to the page's own address; what it holds is what mail programs post (RFC 8058).
        var form = button is null
            ? ""
            : $"""<form method="post" action="?page"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>{button}</button></form>""";
        return TypedResults.Content(
            $$"""
            <!doctype html>
            <html lang="{{language}}">
            <head>
            <meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
            <title>{{words.Title}}</title>
            <style>
            :root { color-scheme: light dark }
            body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 17px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; background: Canvas; color: CanvasText }
            main { max-width: 30rem; padding: 2rem; text-align: center }
            h1 { font-size: 1.5rem; margin: 0 0 .5rem }
            button { margin-top: 1rem; padding: .7rem 1.6rem; font: inherit; color: #fff; background: #1d5fbf; border: 0; border-radius: .5rem; cursor: pointer }
            </style>
            </head>
            <body><main><h1>{{words.Title}}</h1><p>{{words.Text}}</p>{{form}}</main></body>
            </html>
            """,
            "text/html",
            Encoding.UTF8,
            status
        );
    }
}
