namespace NurtureEngine.Pages.SignIn;

/// <summary>Where somebody goes after they have signed in: a page of ours, never another site.</summary>
public static class LocalAddress
{
    /// <summary>The address if it is a path of this site, else the console's first page.</summary>
    public static string Or(string? address) =>
        address is ['/', not ('/' or '\\'), ..] && !address.Any(char.IsControl) ? address : "/console";
}
