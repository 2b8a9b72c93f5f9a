using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;

namespace NurtureEngine.Pages.Frame;

/// <summary>Style sheets and scripts, all from here, under addresses that change with them, so that browsers may keep them for good.</summary>
public static class ConsoleAssets
{
    /// <summary>Where all of them lie.</summary>
    public const string Folder = "/console/assets";

    private static readonly FrozenDictionary<string, ConsoleAsset> Files = new[]
    {
        Read("tabler.css"),
        Read("console.css"),
        Read("theme.js"),
        Read("console.js"),
        Read("charts.js"),
        Read("echarts.js"),
        Read("blazor.web.js"),
    }.ToFrozenDictionary(asset => asset.Name);

    private static readonly FrozenDictionary<string, ConsoleAsset> ByAddress = Files.Values.ToFrozenDictionary(asset =>
        asset.Address
    );

    /// <summary>Where an asset is found.</summary>
    public static string AddressOf(string name) => Files[name].Address;

    /// <summary>What lies at an address; null where nothing does.</summary>
    public static ConsoleAsset? At(string address) => ByAddress.GetValueOrDefault(address);

    private static ConsoleAsset Read(string name)
    {
        using var stream = typeof(ConsoleAssets).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new ConsoleAsset(name, bytes);
    }
}

/// <summary>A style sheet or script.</summary>
public sealed class ConsoleAsset
{
    private readonly Lazy<byte[]> _compressed;

    internal ConsoleAsset(string name, byte[] bytes)
    {
        (Name, Bytes) = (name, bytes);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];
        var extension = Path.GetExtension(name);
        Address = $"{ConsoleAssets.Folder}/{Path.GetFileNameWithoutExtension(name)}.{hash}{extension}";
        ContentType = extension == ".css" ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
        _compressed = new Lazy<byte[]>(Compress);
    }

    public string Name { get; }

    public string Address { get; }

    public string ContentType { get; }

    /// <summary>As it is.</summary>
    public byte[] Bytes { get; }

    /// <summary>Compressed by Brotli, once per process.</summary>
    public byte[] Compressed => _compressed.Value;

    private byte[] Compress()
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal))
        {
            brotli.Write(Bytes);
        }

        return packed.ToArray();
    }
}
