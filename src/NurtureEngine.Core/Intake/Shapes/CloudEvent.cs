using System.Security.Cryptography;
using System.Text;
using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Core.Intake.Shapes;

/// <summary>CloudEvents 1.0 in structured mode: <c>type</c>, <c>time</c> and <c>data</c> are the event's own.</summary>
internal static class CloudEvent
{
    private const string SupportedVersion = "1.0";
    private static readonly string[] Families = ["lead.", "deal.", "activity."];

    public static bool Is(JsonShape root) => root.Has("specversion");

    public static Envelope Open(JsonShape root)
    {
        if (root.Text("specversion") is var version && version != SupportedVersion)
        {
            root.Fault("specversion", $"is '{version}'; expected '{SupportedVersion}'.");
        }

        if (root.Has("data_base64"))
        {
            root.Fault("data_base64", "is not read; expected the event as an object in 'data'.");
        }

        return new Envelope(
            Bare(root.RequiredText("type")),
            Envelope.RequiredInstant(root, "time"),
            root.RequiredObject("data"),
            IdOf(root.RequiredText("source"), root.RequiredText("id"))
        );
    }

    // Types of CloudEvents begin with the sender's name in reverse, such as com.example.lead.created.
    private static string Bare(string type)
    {
        var begin = Families
            .Select(family => type.IndexOf("." + family, StringComparison.Ordinal))
            .Where(index => index >= 0)
            .DefaultIfEmpty(-1)
            .Min();
        return Families.Any(family => type.StartsWith(family, StringComparison.Ordinal)) ? type : type[(begin + 1)..];
    }

    // Source and id together are unique, and may be longer than a key.
    private static string IdOf(string source, string id) =>
        $"ce:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\n{id}")))}";
}
