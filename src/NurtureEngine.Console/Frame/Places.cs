using NurtureEngine.Core.People;
using NurtureEngine.Pages.Screens;
using NurtureEngine.Pages.Screens.Development;

namespace NurtureEngine.Pages.Frame;

/// <summary>The navigation: a page joins it by a line here.</summary>
public static class Places
{
    /// <summary>From top to bottom. On a phone the first four that the person may open are in the bar, the others in a menu.</summary>
    public static IReadOnlyList<Place> All { get; } =
    [
        new("work", "home", "home", typeof(HomePage)),
        new("programmes", "tracks", "route", typeof(TracksPage)),
        new("operations", "health", "activity", typeof(HealthPage)),
        new("operations", "audit", "history", typeof(AuditPage)),
        new("operations", "inbox", "mail", typeof(InboxPage), Roles.Administrator),
        new("settings", "people", "users", typeof(PeoplePage)),
    ];
}
