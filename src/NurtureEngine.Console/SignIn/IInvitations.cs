namespace NurtureEngine.Pages.SignIn;

/// <summary>Links by mail, by which people choose a password without knowing one.</summary>
public interface IInvitations
{
    /// <summary>Mails a link to the person with this user name or address. The caller cannot tell whether the person exists.</summary>
    /// <returns>False where too many ask from this address.</returns>
    bool Ask(string nameOrEmail);

    /// <summary>Whether a link is good.</summary>
    Task<bool> IsGoodAsync(string token);

    /// <summary>Chooses a password by a link, which is used up, and ends all sessions; the answer is what is wrong, as codes.</summary>
    Task<IReadOnlyList<string>> ChooseAsync(string token, string password);
}
