using NurtureEngine.Channels.Email.Smtp;
using NurtureEngine.Core.Intake;

namespace NurtureEngine.Channels.Email.Reports;

/// <summary>What a message that came back says, and by which marks its touch is found.</summary>
/// <param name="Kind">What it says; null where that means nothing for the touch, such as a delay.</param>
/// <param name="Marks">Texts in which the touch may be named, the surest first.</param>
/// <param name="Status">What the mail system gave as its reason, without addresses; null where it gave none.</param>
public sealed record MailReport(FeedbackKind? Kind, IReadOnlyList<TouchMark> Marks, string? Status = null)
{
    private const int MostStatus = 300;

    /// <summary>A reason as it is kept: one line, without addresses, at most 300 characters; null where nothing is left.</summary>
    internal static string? Shortened(string said) =>
        SmtpReply.Clean(said.ReplaceLineEndings(" ").Trim()) is { Length: > 0 } text
            ? text[..Math.Min(text.Length, MostStatus)]
            : null;
}

/// <summary>A text in which a touch may be named.</summary>
public sealed record TouchMark(MarkKind Kind, string Text);

/// <summary>By which of its marks a touch may be named.</summary>
public enum MarkKind
{
    /// <summary>The address that the report came to, or that the message had come from: <see cref="Core.Touches.ReturnPath"/>.</summary>
    ReturnPath,

    /// <summary>What was given to the mail server to be repeated.</summary>
    EnvelopeId,

    /// <summary>A Message-ID of ours, with or without brackets.</summary>
    MessageId,

    /// <summary>A token of a link to unsubscribe.</summary>
    UnsubscribeToken,
}
