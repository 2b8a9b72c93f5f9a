using System.Text;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email.Smtp;

/// <summary>
/// Hands messages over on one connection, one after the other; where the server can, the next envelope goes out with the end of the
/// message before (PIPELINING, RFC 2920).
/// </summary>
internal sealed class SmtpConnection(SmtpWire wire, SmtpCapabilities can, SmtpOptions options) : IDisposable
{
    private static readonly byte[] End = "\r\n.\r\n"u8.ToArray();

    // Shorter than the hold that the caller has on its messages: what becomes of them is known before it ends.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(100);

    private bool _hasBegunEnd;

    /// <summary>Whether it may carry further messages.</summary>
    public bool IsUsable { get; private set; } = true;

    /// <summary>How many messages it has carried.</summary>
    public int Carried { get; private set; }

    /// <summary>
    /// Hands messages over, those that could be written (null could not); once the connection is lost, or <paramref name="until"/> ends
    /// it, the rest is untried.
    /// </summary>
    public async Task<List<DeliveryResult>> DeliverAsync(IReadOnlyList<Submission?> messages, CancellationToken until)
    {
        var results = new List<DeliveryResult>(messages.Count);
        // The message whose envelope went out with the end of the one before.
        var announced = -1;
        var rest = DeliveryResult.Untried.Lost;
        wire.EndWithin(Longest);
        try
        {
            for (var i = 0; i < messages.Count && IsUsable; i++)
            {
                if (until.IsCancellationRequested)
                {
                    rest = DeliveryResult.Untried.Stale;
                    break;
                }

                _hasBegunEnd = false;
                if (Refusal(messages[i]) is { } refusal)
                {
                    results.Add(refusal);
                    continue;
                }

                var message = messages[i]!;
                if (announced != i)
                {
                    await wire.WriteAsync(EnvelopeOf(message), options.CommandTimeout);
                }

                var next =
                    can.HasPipelining && i + 1 < messages.Count && Refusal(messages[i + 1]) is null
                        ? messages[i + 1]
                        : null;
                var (result, hasAnnounced) = await DeliverAsync(message, next, until);
                announced = hasAnnounced ? i + 1 : -1;
                results.Add(result);
                Carried++;
            }
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            IsUsable = false;
            var how = exception is OperationCanceledException ? "smtp.no_answer" : "smtp.connection_lost";
            results.Add(_hasBegunEnd ? new DeliveryResult.Uncertain(how) : new DeliveryResult.Deferred(how, null));
        }

        // A server to which a message was announced that does not follow waits for it, and must not get another in its place.
        IsUsable &= announced < 0 || announced == messages.Count;
        results.AddRange(Enumerable.Repeat(new DeliveryResult.Untried(rest), messages.Count - results.Count));
        return results;
    }

    /// <summary>Whether a connection that lay idle still answers.</summary>
    public async Task<bool> AnswersAsync()
    {
        try
        {
            wire.EndWithin(options.CommandTimeout);
            await wire.WriteAsync("RSET\r\n", options.CommandTimeout);
            return (await wire.ReadReplyAsync(options.CommandTimeout)).Code == 250;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Says good-bye, without waiting for an answer.</summary>
    public async Task QuitAsync()
    {
        try
        {
            await wire.WriteAsync("QUIT\r\n", TimeSpan.FromSeconds(1));
        }
        catch (Exception exception)
            when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The server was faster.
        }
    }

    public void Dispose() => wire.Dispose();

    private async Task<(DeliveryResult Result, bool HasAnnounced)> DeliverAsync(
        Submission message,
        Submission? next,
        CancellationToken until
    )
    {
        var refused = await ReadEnvelopeAsync(message);
        if (refused is not null)
        {
            return (refused, false);
        }

        var announces = next is not null && !until.IsCancellationRequested;
        await wire.WriteAsync(message.Content, options.DataTimeout);
        // From here on nobody but the server knows.
        _hasBegunEnd = true;
        await wire.WriteAsync(announces ? [.. End, .. EnvelopeOf(next!)] : End, options.CommandTimeout);
        var reply = await wire.ReadReplyAsync(options.DoneTimeout);
        // Whoever answers the end of a message with neither yes nor no is out of step, and nobody knows with what.
        var isClear = reply.Code is 250 or >= 400;
        IsUsable = isClear && !reply.IsClosing;
        return (
            isClear ? ResultOf(reply) : new DeliveryResult.Uncertain($"smtp.unexpected {reply.Code}"),
            announces && IsUsable
        );
    }

    // The answers to MAIL, RCPT and DATA. Null where the server waits for the message.
    private async Task<DeliveryResult?> ReadEnvelopeAsync(Submission message)
    {
        SmtpReply mail,
            recipient,
            data;
        if (can.HasPipelining)
        {
            mail = await wire.ReadReplyAsync(options.CommandTimeout);
            recipient = mail.IsClosing ? mail : await wire.ReadReplyAsync(options.CommandTimeout);
            data = recipient.IsClosing ? recipient : await wire.ReadReplyAsync(options.CommandTimeout);
        }
        else
        {
            mail = await wire.ReadReplyAsync(options.CommandTimeout);
            recipient = mail.Code == 250 ? await SayAsync(RecipientOf(message)) : mail;
            data = recipient.Code is 250 or 251 or 252 ? await SayAsync("DATA\r\n") : recipient;
        }

        var refused =
            mail.Code != 250 ? mail
            : recipient.Code is not (250 or 251 or 252) ? recipient
            : data.Code != 354 ? data
            : null;
        if (refused is null)
        {
            return null;
        }

        if (refused.Code < 400)
        {
            // Neither yes nor no: it is out of step, and nothing of the message was said.
            IsUsable = false;
            return new DeliveryResult.Deferred($"smtp.unexpected {refused.Code}", null);
        }

        // Who takes the recipient of a sender that they refused might deliver an empty message.
        IsUsable = !refused.IsClosing && !(data.Code == 354 && recipient.Code < 300);
        if (IsUsable)
        {
            await ClearAsync(data);
        }

        return ResultOf(refused);
    }

    // A server that asks for the message although nobody shall get it is given an empty one; then all begins anew.
    private async Task ClearAsync(SmtpReply data)
    {
        try
        {
            if (data.Code == 354)
            {
                await SayAsync(".\r\n");
            }

            IsUsable = (await SayAsync("RSET\r\n")).Code == 250;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The refusal holds, whatever became of the connection after it.
            IsUsable = false;
        }
    }

    private async Task<SmtpReply> SayAsync(string line)
    {
        await wire.WriteAsync(line, options.CommandTimeout);
        return await wire.ReadReplyAsync(options.CommandTimeout);
    }

    // What this server is known not to take is not begun.
    private DeliveryResult? Refusal(Submission? message) =>
        message is null ? new DeliveryResult.Rejected("message.unusable")
        : message.NeedsUtf8 && !can.HasUtf8 ? new DeliveryResult.Rejected("smtp.utf8_unsupported")
        : can.MaxSize < message.Content.Length ? new DeliveryResult.Rejected("smtp.too_large")
        : null;

    private byte[] EnvelopeOf(Submission message)
    {
        var envelope = new StringBuilder($"MAIL FROM:<{message.Sender}>");
        if (can.Has8BitMime && message.NeedsUtf8)
        {
            envelope.Append(" BODY=8BITMIME");
        }

        if (message.NeedsUtf8)
        {
            envelope.Append(" SMTPUTF8");
        }

        if (can.HasReports && message.EnvelopeId is { } id)
        {
            envelope.Append(" RET=HDRS ENVID=").Append(id);
        }

        envelope.Append("\r\n");
        if (can.HasPipelining)
        {
            envelope.Append(RecipientOf(message)).Append("DATA\r\n");
        }

        return Encoding.UTF8.GetBytes(envelope.ToString());
    }

    private string RecipientOf(Submission message) =>
        can.HasReports && message.EnvelopeId is not null
            ? $"RCPT TO:<{message.Recipient}> NOTIFY=FAILURE,DELAY ORCPT={(message.NeedsUtf8 ? "utf-8" : "rfc822")};{Xtext(message.Recipient)}\r\n"
            : $"RCPT TO:<{message.Recipient}>\r\n";

    // RFC 3461, section 4: what is no printable ASCII, and + and =, as + and two hexadecimal digits. Of UTF-8 (RFC 6533) the same.
    private static string Xtext(string text) =>
        string.Concat(
            Encoding
                .UTF8.GetBytes(text)
                .Select(b => b is > 32 and < 127 and not (byte)'+' and not (byte)'=' ? $"{(char)b}" : $"+{b:X2}")
        );

    private static DeliveryResult ResultOf(SmtpReply reply)
    {
        if (reply.Code == 250)
        {
            return new DeliveryResult.Accepted { Answer = reply.Shown() };
        }

        var bounce = Bounces.Classify(reply.Code, reply.Enhanced, reply.Text);
        return reply.Code < 500 || bounce is BounceClass.Config
            ? new DeliveryResult.Deferred(reply.Shown(), null) { Class = bounce }
            : new DeliveryResult.Rejected(reply.Shown()) { Class = bounce };
    }
}

/// <summary>
/// A message for the server: the envelope's sender and recipient, what reports shall repeat (null for no reports), and the content
/// without its last line break, in which no line begins with a dot.
/// </summary>
internal sealed record Submission(string Sender, string Recipient, string? EnvelopeId, bool NeedsUtf8, byte[] Content);
