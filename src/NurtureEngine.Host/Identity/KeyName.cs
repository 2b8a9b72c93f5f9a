using System.Security.Claims;

namespace NurtureEngine.Host.Identity;

/// <summary>Who asks: the name of the API key, as it stands beside what the key decides.</summary>
internal static class KeyName
{
    public static string Of(ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.Name) ?? "unknown";
}
