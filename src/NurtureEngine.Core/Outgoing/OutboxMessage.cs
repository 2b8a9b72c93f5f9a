namespace NurtureEngine.Core.Outgoing;

/// <summary>
/// A message to another system or a colleague, written together with what causes it and sent until it is taken over: at least
/// once, always under the same id.
/// </summary>
/// <param name="Id">By which the receiver knows a repeat.</param>
/// <param name="Target">The address of an e-mail, the configured name of the receiver of a webhook or an alert.</param>
public abstract record OutboxMessage(Guid Id, string Target)
{
    /// <summary>A plain e-mail to a colleague; never to a lead, whose messages pass the gate.</summary>
    public sealed record Email(Guid Id, string Target, string Language, string Subject, string Html, string Text)
        : OutboxMessage(Id, Target);

    /// <summary>A message to colleagues in a chat; both texts are plain.</summary>
    public sealed record Alert(Guid Id, string Target, string Title, string Text) : OutboxMessage(Id, Target);

    /// <summary>A webhook by Standard Webhooks; the body is JSON.</summary>
    public sealed record Webhook(Guid Id, string Target, string Body) : OutboxMessage(Id, Target);
}
