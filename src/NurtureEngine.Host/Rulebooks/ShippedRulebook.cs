using NurtureEngine.Core.Rulebooks;

namespace NurtureEngine.Host.Rulebooks;

/// <summary>The rulebook that a new database begins with.</summary>
internal static class ShippedRulebook
{
    public static async Task<byte[]> ReadJsonAsync(CancellationToken cancellationToken)
    {
        await using var stream = typeof(ShippedRulebook).Assembly.GetManifestResourceStream(
            "NurtureEngine.Host.Rulebooks.default-rulebook.json"
        )!;
        using var json = new MemoryStream();
        await stream.CopyToAsync(json, cancellationToken);
        return json.ToArray();
    }

    /// <summary>The rulebook itself, as version 0.</summary>
    public static async Task<Rulebook> ReadAsync(CancellationToken cancellationToken) =>
        RulebookReader.TryRead(await ReadJsonAsync(cancellationToken), version: 0, out var faults)
        ?? throw new InvalidDataException($"The shipped rulebook is faulty: {string.Join(" ", faults)}");
}
