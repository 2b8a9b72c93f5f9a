using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using NurtureEngine.Studio.Definitions;
using NurtureEngine.Studio.Descriptors;
using NurtureEngine.Studio.Editor;
using NurtureEngine.Studio.Files;
using NurtureEngine.Studio.Instances;
using NurtureEngine.Studio.Saving;

namespace NurtureEngine.Studio;

/// <summary>The designer: Elsa Studio's files under <c>/studio</c>, and the API that it calls under <c>/elsa/api</c>.</summary>
public static class StudioFaces
{
    /// <summary>Where the designer and its files are.</summary>
    public const string Folder = "/studio";

    /// <summary>Where its API is.</summary>
    public const string Api = "/elsa/api";

    private static readonly string[] Own =
    [
        "editor.js",
        "help.js",
        "tour.js",
        "driver.js",
        "driver.css",
        "tidy.js",
        "overlay.js",
        "watch.js",
        "editor.css",
        "studio.zh-CN.json",
    ];

    /// <summary>Registers what both need; the host registers the ports and <see cref="DesignerRights" />.</summary>
    public static IServiceCollection AddStudio(this IServiceCollection services, DesignerRights rights) =>
        services
            .AddSingleton(rights)
            .AddSingleton<DraftSaving>()
            .AddSingleton<WatchedInstances>()
            .AddSingleton<InstanceTelling>()
            .AddHostedService<InstancePulse>()
            .AddSignalR()
            .Services;

    /// <summary>Maps both; the conventions that are returned apply to the editor's page and the API. The files are public.</summary>
    public static IEndpointConventionBuilder MapStudio(this IEndpointRouteBuilder routes)
    {
        routes.MapGet($"{Folder}/host/{{name}}", OwnFile).ExcludeFromDescription();
        routes
            .MapGet(
                $"{Folder}/{{**name}}",
                (HttpContext http, StudioFiles files, string name) => files.Answer(http, name)
            )
            .ExcludeFromDescription();
        var guarded = routes.MapGroup("").ExcludeFromDescription();
        // The addresses to which Studio goes by itself.
        guarded.MapGet($"{Folder}/workflows/definitions/{{definitionId}}/edit", Editor);
        guarded.MapGet($"{Folder}/workflows/instances", Watch);
        guarded.MapGet($"{Folder}/workflows/instances/{{instanceId}}/view", Watch);
        guarded.MapHub<InstanceHub>(
            "/elsa/hubs/workflow-instance",
            // The connection ends with the session.
            options => options.CloseOnAuthenticationExpiration = true
        );
        var api = guarded.MapGroup(Api);
        api.MapDescriptors();
        api.MapDefinitions();
        api.MapSubgraphs();
        api.MapSaving();
        api.MapBulk();
        api.MapInstances();
        return guarded;
    }

    private static RazorComponentResult<EditorPage> Editor(
        HttpContext http,
        StudioFiles files,
        DesignerRights rights,
        string definitionId
    ) =>
        new(
            new Dictionary<string, object?>
            {
                [nameof(EditorPage.DefinitionId)] = definitionId,
                [nameof(EditorPage.Endpoint)] = EndpointOf(http),
                [nameof(EditorPage.IsInstalled)] = files.AreThere,
                [nameof(EditorPage.MayEdit)] = rights.MayDesign(http.User),
            }
        );

    private static RazorComponentResult<WatchPage> Watch(HttpContext http, StudioFiles files, string? instanceId) =>
        new(
            new Dictionary<string, object?>
            {
                [nameof(WatchPage.InstanceId)] = instanceId,
                [nameof(WatchPage.Endpoint)] = EndpointOf(http),
                [nameof(WatchPage.IsInstalled)] = files.AreThere,
            }
        );

    private static string EndpointOf(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}{Api}";

    private static IResult OwnFile(HttpContext http, string name)
    {
        if (!Own.Contains(name))
        {
            return TypedResults.NotFound();
        }

        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Stream(
            typeof(StudioFaces).Assembly.GetManifestResourceStream(name)!,
            Path.GetExtension(name) switch
            {
                ".css" => "text/css; charset=utf-8",
                ".json" => "application/json; charset=utf-8",
                _ => "text/javascript; charset=utf-8",
            }
        );
    }
}
