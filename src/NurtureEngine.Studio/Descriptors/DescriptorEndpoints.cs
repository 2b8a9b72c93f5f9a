using System.Globalization;
using NurtureEngine.Core;
using NurtureEngine.Core.Reports;
using NurtureEngine.Studio.Instances;

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
    ];

    private static readonly object[] Features =
    [
        new
        {
            name = "RealTimeWorkflowUpdates",
            @namespace = "Elsa",
            fullName = InstanceHub.Feature,
            displayName = "Real-time updates",
            description = "",
        },
    ];

    public static void MapDescriptors(this IEndpointRouteBuilder api)
    {
        api.MapGet("/descriptors/activities", ActivitiesAsync);
        api.MapGet("/descriptors/variables", () => ListOf(Variables()));
        api.MapGet("/descriptors/expression-descriptors", () => ListOf(Expressions()));
        api.MapGet("/features/installed", () => ListOf(Features));
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

    // A variable holds a text; conditions read numbers out of it.
    private static object[] Variables() =>
        [
            new
            {
                typeName = "String",
                displayName = In(new LocalisedText("Text", "文本")),
                category = In(new LocalisedText("Primitives", "基本类型")),
                description = "",
            },
        ];

    // As Core's reader of activities takes them.
    private static object[] Expressions() =>
        [
            Expression("Literal", new LocalisedText("Value", "固定值")),
            Expression("Object", new LocalisedText("List", "列表")),
            Expression("Variable", new LocalisedText("Variable", "变量")),
            Expression("Scriban", new LocalisedText("Scriban", "Scriban 表达式")),
        ];

    private static string In(LocalisedText text) => text.In(CultureInfo.CurrentUICulture);

    private static object Expression(string type, LocalisedText name) =>
        new
        {
            type,
            displayName = In(name),
            isSerializable = true,
            isBrowsable = true,
            properties = new Dictionary<string, string>(),
        };

    private static object ListOf<TItem>(IReadOnlyCollection<TItem> items) => new { items, count = items.Count };
}
