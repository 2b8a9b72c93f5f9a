using System.Security.Cryptography;

namespace NurtureEngine.Pages.Frame;

/// <summary>The style sheet, under an address that changes with it, so that browsers may keep it for good.</summary>
public static class ConsoleAssets
{
    /// <summary>The sheet itself.</summary>
    public static byte[] Sheet { get; } = Read();

    /// <summary>Where it is found.</summary>
    public static string Address { get; } =
        $"/console/assets/console.{Convert.ToHexStringLower(SHA256.HashData(Sheet))[..12]}.css";

    private static byte[] Read()
    {
        using var stream = typeof(ConsoleAssets).Assembly.GetManifestResourceStream("console.css")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
