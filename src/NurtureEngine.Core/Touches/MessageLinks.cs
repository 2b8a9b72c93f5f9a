namespace NurtureEngine.Core.Touches;

/// <summary>The addresses under which a message's links, its picture and its way out are answered.</summary>
/// <param name="publicUrl">Where the engine is reached from outside, such as <c>https://go.example.com</c>.</param>
/// <param name="key">What tokens are signed with.</param>
public sealed class MessageLinks(Uri publicUrl, byte[] key)
{
    private readonly string _root = publicUrl.AbsoluteUri.TrimEnd('/');

    public string Unsubscribe(TouchId touch) => $"{_root}/u/{UnsubscribeToken(touch)}";

    public string UnsubscribeToken(TouchId touch) => new LinkToken(touch, 0, LinkKind.Unsubscribe).Sign(key);

    public string Open(TouchId touch) => $"{_root}/o/{new LinkToken(touch, 0, LinkKind.Open).Sign(key)}";

    public string Click(TouchId touch, int ordinal) =>
        $"{_root}/t/{new LinkToken(touch, ordinal, LinkKind.Click).Sign(key)}";

    /// <summary>Whether an address is one of the engine's own ways out, which are not counted as clicks.</summary>
    public bool IsUnsubscribe(string address) => address.StartsWith($"{_root}/u/", StringComparison.Ordinal);
}
