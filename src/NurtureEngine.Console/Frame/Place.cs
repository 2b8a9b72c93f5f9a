using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace NurtureEngine.Pages.Frame;

/// <summary>A page in the navigation. It is visible to the roles that the page declares.</summary>
/// <param name="Group">Under which words of the navigation.</param>
/// <param name="Name">What it is called, as a key of the words.</param>
/// <param name="Icon">An icon's name.</param>
/// <param name="Page">The component.</param>
/// <param name="Role">The only role that sees the link, if the page itself is open to more; null for the page's own roles.</param>
public sealed record Place(string Group, string Name, string Icon, Type Page, string? Role = null)
{
    /// <summary>Where the page is.</summary>
    public string Address { get; } = Page.GetCustomAttribute<RouteAttribute>()!.Template;

    /// <summary>The roles that may open it; empty for every signed-in person.</summary>
    public IReadOnlyList<string> Roles { get; } =
        Role is not null ? [Role] : Page.GetCustomAttribute<AuthorizeAttribute>()?.Roles?.Split(',') ?? [];

    /// <summary>Whether a person with these roles may open it.</summary>
    public bool OpensFor(Func<string, bool> isInRole) => Roles.Count == 0 || Roles.Any(isInRole);
}
