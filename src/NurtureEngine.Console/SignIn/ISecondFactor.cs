namespace NurtureEngine.Pages.SignIn;

/// <summary>The second step of a person's sign-in, by an authenticator (RFC 6238). The person is taken from the request.</summary>
public interface ISecondFactor
{
    /// <summary>Whether it is on, and how many recovery codes are left.</summary>
    Task<SecondFactorState> StateAsync();

    /// <summary>A secret for an authenticator, the same until it is confirmed; null where one is on already.</summary>
    Task<NewAuthenticator?> BeginAsync();

    /// <summary>Turns it on by a code of the new authenticator: the recovery codes, to be shown once; null where the code is wrong.</summary>
    Task<IReadOnlyList<string>?> ConfirmAsync(string code);

    /// <summary>Turns it off; false where the password is wrong, or wrong too often.</summary>
    Task<bool> TurnOffAsync(string password);
}

/// <summary>How it stands.</summary>
public sealed record SecondFactorState(bool IsOn, int RecoveryCodes);

/// <summary>What an authenticator has to know.</summary>
/// <param name="Key">In Base32, in groups of four, to be typed.</param>
/// <param name="Picture">The same as a QR code, an address of an SVG picture (<c>data:</c>).</param>
public sealed record NewAuthenticator(string Key, string Picture);
