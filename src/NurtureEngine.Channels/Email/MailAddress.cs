using System.Globalization;

namespace NurtureEngine.Channels.Email;

/// <summary>Addresses as mail systems want them.</summary>
internal static class MailAddress
{
    private static readonly IdnMapping Idn = new();

    /// <summary>
    /// The address with its domain in ASCII (RFC 5891), which every server takes; one whose local part is beyond ASCII keeps its domain
    /// too, since it needs a server that takes both (RFC 6531).
    /// </summary>
    public static string Deliverable(string address)
    {
        var at = address.LastIndexOf('@');
        var local = address[..at];
        var domain = address[(at + 1)..];
        return !IsAscii(local) || IsAscii(domain) ? address : $"{local}@{Idn.GetAscii(domain)}";
    }

    public static bool IsAscii(string text) => System.Text.Ascii.IsValid(text);
}
