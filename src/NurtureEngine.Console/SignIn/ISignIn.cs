namespace NurtureEngine.Pages.SignIn;

/// <summary>Signs people in and out, by the request that asks.</summary>
public interface ISignIn
{
    /// <summary>Signs in by name and password; a wrong pair and too many attempts are answers.</summary>
    Task<SignInStep> SignInAsync(string userName, string password);

    /// <summary>The first step of a person who was signed in by the identity provider; null if there is none.</summary>
    string? Handed { get; }

    /// <summary>The second step: a code of the authenticator, or a recovery code.</summary>
    /// <param name="step">What the first step answered.</param>
    /// <param name="code">As it was typed.</param>
    Task<SignInStep> EnterCodeAsync(string step, string code);

    Task SignOutAsync();

    /// <summary>Whether people can sign in at an identity provider, too.</summary>
    bool HasProvider { get; }
}

/// <summary>What came of a step.</summary>
/// <param name="Answer">How it ended.</param>
/// <param name="Step">What the next step needs; null where there is none.</param>
public sealed record SignInStep(SignInAnswer Answer, string? Step = null);

/// <summary>How an attempt to sign in ended.</summary>
public enum SignInAnswer
{
    SignedIn,

    /// <summary>No such name, not its password, or an account that is locked for some minutes; which of them is not said.</summary>
    Wrong,

    /// <summary>Too many attempts came from the address.</summary>
    TooMany,

    /// <summary>The password is right; a code is asked for.</summary>
    NeedsCode,

    /// <summary>The code is wrong, was used before, or the account is locked for some minutes.</summary>
    WrongCode,

    /// <summary>The first step was too long ago.</summary>
    TooLate,

    /// <summary>The password is right, but they sign in by the identity provider alone.</summary>
    ByProvider,

    /// <summary>The identity provider signed them in, but they have no access here.</summary>
    ProviderRefused,
}
