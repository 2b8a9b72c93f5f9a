using System.Collections.Frozen;

namespace NurtureEngine.Pages.Parts;

/// <summary>The icons in use, from Tabler Icons (MIT): the whole set is far larger than the rest of the console.</summary>
internal static class Icons
{
    private static readonly FrozenDictionary<string, string[]> All = new Dictionary<string, string[]>
    {
        ["home"] =
        [
            "M5 12l-2 0l9 -9l9 9l-2 0",
            "M5 12v7a2 2 0 0 0 2 2h10a2 2 0 0 0 2 -2v-7",
            "M9 21v-6a2 2 0 0 1 2 -2h2a2 2 0 0 1 2 2v6",
        ],
        ["route"] =
        [
            "M3 19a2 2 0 1 0 4 0a2 2 0 0 0 -4 0",
            "M19 7a2 2 0 1 0 0 -4a2 2 0 0 0 0 4",
            "M11 19h5.5a3.5 3.5 0 0 0 0 -7h-8a3.5 3.5 0 0 1 0 -7h4.5",
        ],
        ["activity"] = ["M3 12h4l3 8l4 -16l3 8h4"],
        ["history"] = ["M12 8l0 4l2 2", "M3.05 11a9 9 0 1 1 .5 4m-.5 5v-5h5"],
        ["users"] =
        [
            "M5 7a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
            "M3 21v-2a4 4 0 0 1 4 -4h4a4 4 0 0 1 4 4v2",
            "M16 3.13a4 4 0 0 1 0 7.75",
            "M21 21v-2a4 4 0 0 0 -3 -3.85",
        ],
        ["user"] = ["M8 7a4 4 0 1 0 8 0a4 4 0 0 0 -8 0", "M6 21v-2a4 4 0 0 1 4 -4h4a4 4 0 0 1 4 4v2"],
        ["menu"] = ["M4 6l16 0", "M4 12l16 0", "M4 18l16 0"],
        ["clock"] = ["M3 12a9 9 0 1 0 18 0a9 9 0 0 0 -18 0", "M12 7v5l3 3"],
        ["hand"] =
        [
            "M8 13v-7.5a1.5 1.5 0 0 1 3 0v6.5",
            "M11 5.5v-2a1.5 1.5 0 1 1 3 0v8.5",
            "M14 5.5a1.5 1.5 0 0 1 3 0v6.5",
            "M17 7.5a1.5 1.5 0 0 1 3 0v8.5a6 6 0 0 1 -6 6h-2h.208a6 6 0 0 1 -5.012 -2.7a69.74 69.74 0 0 1 -.196 -.3c-.312 -.479 -1.407 -2.388 -3.286 -5.728a1.5 1.5 0 0 1 .536 -2.022a1.867 1.867 0 0 1 2.28 .28l1.47 1.47",
        ],
        ["check"] = ["M5 12l5 5l10 -10"],
        ["circle-check"] = ["M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0", "M9 12l2 2l4 -4"],
        ["slash"] = ["M17 5l-10 14"],
        ["cross"] = ["M18 6l-12 12", "M6 6l12 12"],
        ["question"] = ["M8 8a3.5 3 0 0 1 3.5 -3h1a3.5 3 0 0 1 3.5 3a3 3 0 0 1 -2 3a3 4 0 0 0 -2 4", "M12 19l0 .01"],
        ["alert"] =
        [
            "M12 9v4",
            "M10.363 3.591l-8.106 13.534a1.914 1.914 0 0 0 1.636 2.871h16.214a1.914 1.914 0 0 0 1.636 -2.87l-8.106 -13.536a1.914 1.914 0 0 0 -3.274 0",
            "M12 16h.01",
        ],
        ["pause"] =
        [
            "M6 6a1 1 0 0 1 1 -1h2a1 1 0 0 1 1 1v12a1 1 0 0 1 -1 1h-2a1 1 0 0 1 -1 -1l0 -12",
            "M14 6a1 1 0 0 1 1 -1h2a1 1 0 0 1 1 1v12a1 1 0 0 1 -1 1h-2a1 1 0 0 1 -1 -1l0 -12",
        ],
        ["flag"] = ["M5 5a5 5 0 0 1 7 0a5 5 0 0 0 7 0v9a5 5 0 0 1 -7 0a5 5 0 0 0 -7 0v-9", "M5 21v-7"],
        ["circle-minus"] = ["M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0", "M9 12l6 0"],
        ["mail"] = ["M3 7a2 2 0 0 1 2 -2h14a2 2 0 0 1 2 2v10a2 2 0 0 1 -2 2h-14a2 2 0 0 1 -2 -2v-10", "M3 7l9 6l9 -6"],
    }.ToFrozenDictionary();

    /// <summary>An icon's paths, in a square of 24.</summary>
    public static string[] PathsOf(string name) => All[name];
}
