namespace NurtureEngine.Pages.SignIn;

/// <summary>The page that follows a sign-in. It is always a page of this site.</summary>
public static class LocalAddress
{
    /// <summary>The address if it is a path of this site, else the console's first page.</summary>
    public static string Or(string? address) =>
        address is ['/', not ('/' or '\\'), ..] && !address.Any(char.IsControl) ? address : "/console";
}
