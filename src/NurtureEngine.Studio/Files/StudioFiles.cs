using System.Collections.Frozen;

namespace NurtureEngine.Studio.Files;

/// <summary>The files of Elsa Studio's package, which brings a compressed twin of each. Their names are read once.</summary>
public sealed class StudioFiles
{
    /// <summary>The package's folder below <c>node_modules</c>.</summary>
    public static string Package { get; } = Path.Combine("@elsa-workflows", "elsa-studio-wasm");

    // Its own page has tags that it does not register, and takes fonts from outside; its settings name an address that is not used.
    private static readonly string[] Left = ["index.html", "package.json"];

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".dat"] = "application/octet-stream",
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".json"] = "application/json",
        [".png"] = "image/png",
        [".svg"] = "image/svg+xml",
        [".ttf"] = "font/ttf",
        [".wasm"] = "application/wasm",
        [".woff"] = "font/woff",
        [".woff2"] = "font/woff2",
    }.ToFrozenDictionary();

    private readonly string _folder;
    private readonly FrozenSet<string> _names;

    /// <summary>Reads the names of a folder's files; null where the package was not found.</summary>
    public StudioFiles(string? folder)
    {
        _folder = folder ?? "";
        _names = folder is null
            ? []
            : Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
                .Where(name => !Left.Contains(name) && ContentTypes.ContainsKey(Path.GetExtension(name)))
                .ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>Whether the package was found.</summary>
    public bool AreThere => _names.Count > 0;

    /// <summary>Answers with a file, compressed where the browser takes Brotli; only names of the package are found.</summary>
    public IResult Answer(HttpContext http, string name)
    {
        if (!_names.Contains(name))
        {
            return TypedResults.NotFound();
        }

        var path = Path.Combine(_folder, name);
        var twin = $"{path}.br";
        var isPacked =
            http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal)
            && File.Exists(twin);
        http.Response.Headers.Vary = "Accept-Encoding";
        http.Response.Headers.CacheControl = IsFingerprinted(name) ? "public, max-age=31536000, immutable" : "no-cache";
        if (isPacked)
        {
            http.Response.Headers.ContentEncoding = "br";
        }

        // The two have tags of their own, made of length and date.
        var file = new FileInfo(isPacked ? twin : path);
        return TypedResults.PhysicalFile(
            file.FullName,
            ContentTypes[Path.GetExtension(name)],
            lastModified: file.LastWriteTimeUtc,
            entityTag: new($"\"{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}\"")
        );
    }

    // Such as _framework/Elsa.Studio.Core.0a1b2c3d4e.wasm.
    private static bool IsFingerprinted(string name) =>
        name.StartsWith("_framework/", StringComparison.Ordinal) && name.Split('.') is [.., { Length: 10 }, _];
}
