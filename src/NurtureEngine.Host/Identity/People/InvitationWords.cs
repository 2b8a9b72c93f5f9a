using Microsoft.Extensions.Localization;
using NurtureEngine.Pages.Texts;

namespace NurtureEngine.Host.Identity.People;

/// <summary>The texts of the mails with links, in the language of the request.</summary>
internal sealed class InvitationWords(IStringLocalizer<Words> words)
{
    /// <summary>Subject and plain text.</summary>
    public (string Subject, string Text) Of(string userName, Uri link, bool isNew)
    {
        var kind = isNew ? "invitation" : "reset";
        return (words[$"mail.{kind}.subject"], words[$"mail.{kind}.text", userName, link]);
    }
}
