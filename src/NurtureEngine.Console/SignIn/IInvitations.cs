namespace NurtureEngine.Pages.SignIn;

/// <summary>Links by mail, by which people choose a password without knowing one.</summary>
public interface IInvitations
{
    /// <summary>Mails a link to whoever has this user name or address. Nobody learns whether there is such a person.</summary>
    /// <returns>False where too many ask from this address.</returns>
    bool Ask(string nameOrEmail);

    /// <summary>Whether a link is good.</summary>
    Task<bool> IsGoodAsync(string token);

    /// <summary>Chooses a password by a link, which is used up, and ends all sessions; the answer is what is wrong, as codes.</summary>
    Task<IReadOnlyList<string>> ChooseAsync(string token, string password);
}
