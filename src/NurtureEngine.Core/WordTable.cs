using System.Reflection;
using System.Text;

namespace NurtureEngine.Core;

/// <summary>Tables of words that lie beside the code as data: cells between tabs, a line each; lines that begin with <c>#</c> are comments.</summary>
public static class WordTable
{
    /// <summary>The lines of an embedded resource, in their order.</summary>
    /// <exception cref="FileNotFoundException">The assembly has no such resource.</exception>
    public static IEnumerable<string[]> Read(Assembly assembly, string resource)
    {
        using var stream =
            assembly.GetManifestResourceStream(resource)
            ?? throw new FileNotFoundException($"{assembly.GetName().Name} holds no '{resource}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return
        [
            .. reader
                .ReadToEnd()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => !line.StartsWith('#'))
                .Select(line => line.Split('\t')),
        ];
    }
}
