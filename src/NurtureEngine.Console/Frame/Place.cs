using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;

namespace NurtureEngine.Pages.Frame;

/// <summary>A page in the navigation. It shows itself to those for whom the page opens: the page alone says who that is.</summary>
/// <param name="Group">Under which words of the navigation.</param>
/// <param name="Name">What it is called, as a key of the words.</param>
/// <param name="Icon">An icon's name.</param>
/// <param name="Page">The component.</param>
public sealed record Place(string Group, string Name, string Icon, Type Page)
{
    /// <summary>Where the page is.</summary>
    public string Address { get; } = Page.GetCustomAttribute<RouteAttribute>()!.Template;

    /// <summary>Who may open it; empty for everybody who is signed in.</summary>
    public IReadOnlyList<string> Roles { get; } =
        Page.GetCustomAttribute<AuthorizeAttribute>()?.Roles?.Split(',') ?? [];

    /// <summary>Whether it opens for somebody with these roles.</summary>
    public bool OpensFor(Func<string, bool> isInRole) => Roles.Count == 0 || Roles.Any(isInRole);
}
