using System.Formats.Tar;
using System.IO.Compression;

namespace NurtureEngine.BrowserTests;

/// <summary>
/// The Chromium that the npm package <c>@sparticuz/chromium</c> holds, for machines without one: unpacked once, with the libraries that a bare system
/// lacks.
/// </summary>
internal static class PackagedChromium
{
    private static readonly string Modules = Path.Combine(Repository.Root, "node_modules");
    private static readonly string Unpacked = Path.Combine(Modules, ".chromium");

    /// <summary>The folder of its libraries, for LD_LIBRARY_PATH.</summary>
    public static string Libraries => Path.Combine(Unpacked, "lib");

    /// <summary>The program, unpacked where it was not yet.</summary>
    public static async Task<string> FindAsync()
    {
        if (!Directory.Exists(Unpacked))
        {
            // Moved when it is complete: a run that is killed before leaves a folder that is never used.
            var folder = Path.Combine(Modules, $".chromium-{Environment.ProcessId}");
            Directory.CreateDirectory(folder);
            foreach (var archive in new[] { "al2023.tar.br", "swiftshader.tar.br" })
            {
                await using var tar = Open(archive);
                await TarFile.ExtractToDirectoryAsync(tar, folder, overwriteFiles: true);
            }

            await using (var packed = Open("chromium.br"))
            await using (
                var program = new FileStream(
                    Path.Combine(folder, "chromium"),
                    new FileStreamOptions
                    {
                        Mode = FileMode.Create,
                        Access = FileAccess.Write,
                        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                    }
                )
            )
            {
                await packed.CopyToAsync(program);
            }

            Directory.Move(folder, Unpacked);
        }

        return Path.Combine(Unpacked, "chromium");
    }

    private static BrotliStream Open(string name) =>
        new(File.OpenRead(Path.Combine(Modules, "@sparticuz", "chromium", "bin", name)), CompressionMode.Decompress);
}
