using NurtureEngine.Channels.Email.Reports;
using NurtureEngine.Core.Touches;
using NurtureEngine.Postgres.Settings;

namespace NurtureEngine.Host.Links;

/// <summary>Finds the touch that a message speaks of.</summary>
internal sealed class TouchMarks(LinkKeys keys, Installation installation)
{
    /// <summary>The touch of the first mark that names one of this installation; null where none does.</summary>
    public TouchId? Find(IEnumerable<TouchMark> marks) =>
        marks.Select(mark => Read(mark)).FirstOrDefault(touch => touch is not null);

    private TouchId? Read(TouchMark mark) =>
        mark.Kind switch
        {
            MarkKind.ReturnPath => keys.ReadReturnPath(mark.Text),
            MarkKind.UnsubscribeToken => keys.Read(mark.Text, LinkKind.Unsubscribe)?.Touch,
            MarkKind.EnvelopeId => Guid.TryParseExact(mark.Text.Trim(), "N", out var id) ? new TouchId(id) : null,
            MarkKind.MessageId => ReadMessageId(mark.Text),
            _ => null,
        };

    // As TouchId.MessageIdAt writes it; one of another installation is somebody else's.
    private TouchId? ReadMessageId(string text)
    {
        var local = text.Trim().Trim('<', '>').Split('@')[0];
        return
            local.Split('.') is [var touch, var owner]
            && Guid.TryParseExact(touch, "N", out var id)
            && Guid.TryParseExact(owner, "N", out var own)
            && own == installation.Id
            ? new TouchId(id)
            : null;
    }
}
