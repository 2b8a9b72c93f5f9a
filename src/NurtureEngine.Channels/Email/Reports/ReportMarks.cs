using System.Text.RegularExpressions;

namespace NurtureEngine.Channels.Email.Reports;

/// <summary>The marks in a message by which the touch that it tells of is found.</summary>
internal static partial class ReportMarks
{
    // What a token looks like; whether it is one is seen by its signature.
    private const int TokenLength = 39;
    private const int MostTokens = 10;

    /// <summary>The headers that hold the address to which a message was delivered.</summary>
    public static readonly string[] EnvelopeHeaders = ["X-Original-To", "Delivered-To", "Envelope-To", "To"];

    /// <summary>What may be tokens to unsubscribe: mail programs take the subject from the link, and some of them add words.</summary>
    public static List<TouchMark> Tokens(RawMessage message) =>
        [
            .. $"{message.Header("Subject")} {AutomaticMail.OwnWords(message)}"
                .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(word => word.Trim('<', '>', '"', '\'', '.', ','))
                .Where(word => word.Length == TokenLength)
                .Take(MostTokens)
                .Select(word => new TouchMark(MarkKind.UnsubscribeToken, word)),
        ];

    /// <summary>Surest first: the address, what the server repeats, then what came back of the message itself.</summary>
    public static List<TouchMark> OfReturned(RawMessage message, string? envelopeId)
    {
        var marks = EnvelopeHeaders
            .SelectMany(message.All)
            .Select(to => new TouchMark(MarkKind.ReturnPath, to))
            .ToList();
        if (envelopeId is not null)
        {
            marks.Add(new TouchMark(MarkKind.EnvelopeId, envelopeId));
        }

        foreach (var returned in message.Walk().Skip(1))
        {
            marks.AddRange(returned.All("Return-Path").Select(path => new TouchMark(MarkKind.ReturnPath, path)));
            marks.AddRange(returned.All("Message-ID").Select(id => new TouchMark(MarkKind.MessageId, id)));
        }

        return marks;
    }

    /// <summary>By the message that it answers, else by the address that it was sent to.</summary>
    public static List<TouchMark> OfAnswered(RawMessage message) =>
        [
            .. message
                .All("In-Reply-To")
                .Concat(message.All("References").SelectMany(ids => ids.Split(' ', '\t').Reverse()))
                .Select(id => new TouchMark(MarkKind.MessageId, id)),
            .. EnvelopeHeaders.SelectMany(message.All).Select(to => new TouchMark(MarkKind.ReturnPath, to)),
        ];

    /// <summary>By the head of our message where a text quotes it.</summary>
    public static IEnumerable<TouchMark> Quoted(string text) =>
        MessageIds().Matches(text).Select(match => new TouchMark(MarkKind.MessageId, match.Groups[1].Value));

    [GeneratedRegex(@"^\s*>?\s*Message-I[Dd]:\s*(\S+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex MessageIds();
}
