using System.Globalization;
using NurtureEngine.Core.Reports;

namespace NurtureEngine.Studio.Descriptors;

/// <summary>What Elsa Studio asks about the engine. Of what the engine does not have it gets an empty list: an error would stop its panels.</summary>
internal static class DescriptorEndpoints
{
    private static readonly string[] Absent =
    [
        "/descriptors/workflow-activation-strategies",
        "/descriptors/incident-strategies",
        "/descriptors/log-persistence-strategies",
        "/descriptors/commit-strategies/workflows",
        "/descriptors/commit-strategies/activities",
        "/descriptors/storage-drivers",
        "/descriptors/output-converters",
        "/features/installed",
    ];

    // A variable holds a text; conditions read numbers out of it.
    private static readonly object[] Variables =
    [
        new
        {
            typeName = "String",
            displayName = "Text",
            category = "Primitives",
            description = "",
        },
    ];

    // As Core's reader of activities takes them.
    private static readonly object[] Expressions =
    [
        Expression("Literal", "Value"),
        Expression("Object", "List"),
        Expression("Variable", "Variable"),
        Expression("Scriban", "Scriban"),
    ];

    public static void MapDescriptors(this IEndpointRouteBuilder api)
    {
        api.MapGet("/descriptors/activities", ActivitiesAsync);
        api.MapGet("/descriptors/variables", () => ListOf(Variables));
        api.MapGet("/descriptors/expression-descriptors", () => ListOf(Expressions));
        foreach (var path in Absent)
        {
            api.MapGet(path, () => ListOf(Array.Empty<object>()));
        }
    }

    private static async Task<IResult> ActivitiesAsync(IDesignerChoices choices, CancellationToken cancellationToken) =>
        TypedResults.Ok(
            ListOf(
                new ActivityDescriptors(await choices.ListAsync(cancellationToken), CultureInfo.CurrentUICulture).All
            )
        );

    private static object Expression(string type, string name) =>
        new
        {
            type,
            displayName = name,
            isSerializable = true,
            isBrowsable = true,
            properties = new Dictionary<string, string>(),
        };

    private static object ListOf<TItem>(IReadOnlyCollection<TItem> items) => new { items, count = items.Count };
}
