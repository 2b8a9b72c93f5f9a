namespace NurtureEngine.Core.Diagnostics;

/// <summary>
/// A fault in someone's file or request. <paramref name="Place"/> is a JSON pointer, <c>step 'name'</c> or
/// <c>file:line:column</c>; <paramref name="Message"/> quotes what was found and says what was expected.
/// </summary>
public sealed record Diagnostic(string Place, string Message)
{
    public override string ToString() => $"{Place}: {Message}";
}
