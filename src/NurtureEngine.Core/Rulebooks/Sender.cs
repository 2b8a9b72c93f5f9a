namespace NurtureEngine.Core.Rulebooks;

/// <summary>Who a message comes from. The postal address is a legal duty (CAN-SPAM) and stands in every e-mail.</summary>
public sealed record Sender(string Name, string Address, string? ReplyTo, string Company, string PostalAddress);
