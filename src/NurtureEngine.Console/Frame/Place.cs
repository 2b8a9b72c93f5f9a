using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace NurtureEngine.Pages.Frame;

/// <summary>A page in the navigation. It is shown to those for whom the page opens, which the page itself says.</summary>
/// <param name="Group">Under which words of the navigation.</param>
/// <param name="Name">What it is called, as a key of the words.</param>
/// <param name="Icon">An icon's name.</param>
/// <param name="Page">The component.</param>
/// <param name="Role">To whom alone it is shown where the page itself opens for more; null for whom the page opens.</param>
public sealed record Place(string Group, string Name, string Icon, Type Page, string? Role = null)
{
    /// <summary>Where the page is.</summary>
    public string Address { get; } = Page.GetCustomAttribute<RouteAttribute>()!.Template;

    /// <summary>Who may open it; empty for everybody who is signed in.</summary>
    public IReadOnlyList<string> Roles { get; } =
        Role is not null ? [Role] : Page.GetCustomAttribute<AuthorizeAttribute>()?.Roles?.Split(',') ?? [];

    /// <summary>Whether it opens for somebody with these roles.</summary>
    public bool OpensFor(Func<string, bool> isInRole) => Roles.Count == 0 || Roles.Any(isInRole);
}
