using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using NurtureEngine.Core.Touches;

namespace NurtureEngine.Channels.Email.Smtp;

/// <summary>Hands messages over on one connection, one after the other, and tells what each answer means.</summary>
internal sealed class SmtpConnection(SmtpClient client, bool knowsUtf8, SmtpHandshake handshake, TimeProvider time)
    : IDisposable
{
    // Shorter than the hold that the caller has on its messages: what becomes of them is known before it ends.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(100);

    // The caller holds messages while it waits for a connection.
    private static readonly TimeSpan QuickAnswer = TimeSpan.FromSeconds(2);

    private bool _isUsable = true;

    /// <summary>Whether it may carry further messages.</summary>
    public bool IsUsable => _isUsable && client.IsConnected;

    /// <summary>How many messages it has carried.</summary>
    public int Carried { get; private set; }

    /// <summary>
    /// Hands messages over, those that could be written (null could not); once the connection is lost, or <paramref name="until"/> ends
    /// it, the rest is untried.
    /// </summary>
    public async Task<List<DeliveryResult>> DeliverAsync(IReadOnlyList<Submission?> messages, CancellationToken until)
    {
        var results = new List<DeliveryResult>(messages.Count);
        var rest = DeliveryResult.Untried.Lost;
        using var longest = new CancellationTokenSource(Longest, time);
        foreach (var message in messages)
        {
            if (!IsUsable)
            {
                break;
            }

            if (until.IsCancellationRequested)
            {
                rest = DeliveryResult.Untried.Stale;
                break;
            }

            results.Add(Refusal(message) ?? await DeliverAsync(message!, longest.Token));
        }

        results.AddRange(Enumerable.Repeat(new DeliveryResult.Untried(rest), messages.Count - results.Count));
        return results;
    }

    /// <summary>Whether an idle connection still answers.</summary>
    public async Task<bool> AnswersAsync()
    {
        try
        {
            client.Wait(QuickAnswer);
            await client.NoOpAsync();
            return true;
        }
        catch (Exception exception) when (IsLoss(exception) || exception is SmtpCommandException)
        {
            return false;
        }
    }

    /// <summary>Ends the session with QUIT, and waits only briefly for the answer.</summary>
    public async Task QuitAsync()
    {
        try
        {
            client.Wait(QuickAnswer);
            await client.DisconnectAsync(quit: true);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            // The server has closed the connection already.
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<DeliveryResult> DeliverAsync(Submission message, CancellationToken longest)
    {
        if (!message.NeedsUtf8)
        {
            return await SendAsync(client, message, longest);
        }

        // SMTPUTF8 can't be given back to a client that it was taken from.
        SmtpClient special;
        try
        {
            (special, _) = await handshake.RunAsync(keepsUtf8: true, longest);
        }
        catch (Exception exception) when (exception is EmailTransportException or OperationCanceledException)
        {
            return new DeliveryResult.Deferred("smtp.utf8_connection_failed", null);
        }

        using (special)
        {
            return special.Capabilities.HasFlag(SmtpCapabilities.UTF8)
                ? await SendAsync(special, message, longest)
                : new DeliveryResult.Rejected("smtp.utf8_unsupported");
        }
    }

    // The verdict's deadline is not passed on: a message that was begun is finished, since its outcome would be unknown otherwise.
    private async Task<DeliveryResult> SendAsync(SmtpClient by, Submission message, CancellationToken longest)
    {
        try
        {
            var answer = await by.SendAsync(message, longest);
            Carried++;
            return new DeliveryResult.Accepted { Answer = new SmtpReply(250, null, [answer]).Shown() };
        }
        catch (SmtpCommandException refusal)
        {
            Carried++;
            return ResultOf(refusal, by.HasBegunEnd);
        }
        catch (ServiceNotAuthenticatedException refusal)
        {
            _isUsable = false;
            return new DeliveryResult.Deferred(SmtpReply.Clean($"530 {refusal.Message}"), null)
            {
                Class = BounceClass.Config,
            };
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            // A connection for a single message does not affect the others.
            _isUsable &= by != client;
            var how = exception is OperationCanceledException or TimeoutException
                ? "smtp.no_answer"
                : "smtp.connection_lost";
            return by.HasBegunEnd
                ? new DeliveryResult.Uncertain(how) { IsLost = true }
                : new DeliveryResult.Deferred(how, null) { IsLost = true };
        }
    }

    private DeliveryResult ResultOf(SmtpCommandException refusal, bool hasBegunEnd)
    {
        var code = (int)refusal.StatusCode;
        if (code < 400)
        {
            // Neither acceptance nor refusal: the server answers out of sequence.
            _isUsable = false;
            return hasBegunEnd
                ? new DeliveryResult.Uncertain($"smtp.unexpected {code}")
                : new DeliveryResult.Deferred($"smtp.unexpected {code}", null);
        }

        var reply = SmtpReply.Of(code, refusal.Message.Split('\n'));
        _isUsable &= !reply.IsClosing;
        var bounce = Bounces.Classify(reply.Code, reply.Enhanced, reply.Text);
        // Whatever is said of the sender is not about the recipient.
        bounce =
            refusal.ErrorCode == SmtpErrorCode.SenderNotAccepted && bounce is BounceClass.Hard or BounceClass.Soft
                ? BounceClass.Config
                : bounce;
        return reply.Code < 500 || bounce is BounceClass.Config
            ? new DeliveryResult.Deferred(reply.Shown(), null) { Class = bounce }
            : new DeliveryResult.Rejected(reply.Shown()) { Class = bounce };
    }

    // What this server is known not to take is not begun.
    private DeliveryResult? Refusal(Submission? message) =>
        message is null ? new DeliveryResult.Rejected("message.unusable")
        : message.NeedsUtf8 && !knowsUtf8 ? new DeliveryResult.Rejected("smtp.utf8_unsupported")
        : client.Capabilities.HasFlag(SmtpCapabilities.Size) && client.MaxSize > 0 && client.MaxSize < message.Size
            ? new DeliveryResult.Rejected("smtp.too_large")
        : null;

    private static bool IsLoss(Exception exception) =>
        exception
            is IOException
                or SmtpProtocolException
                or TimeoutException
                or OperationCanceledException
                or ObjectDisposedException
                or SocketException
                or ServiceNotConnectedException;
}
