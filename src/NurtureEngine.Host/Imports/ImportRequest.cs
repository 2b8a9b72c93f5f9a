using System.Text.RegularExpressions;
using NurtureEngine.Core.Intake;
using NurtureEngine.Core.Leads;
using NurtureEngine.Host.Verbs;

namespace NurtureEngine.Host.Imports;

/// <summary>Reads how a file is to be imported, as somebody asked for it.</summary>
internal static partial class ImportRequest
{
    /// <exception cref="UsageException">It is no name of a source that a file may speak for.</exception>
    public static string Source(string name) =>
        SourceName().IsMatch(name) && name is not (EngineEvents.Source or ExternalKey.ByAddress or ExternalKey.ByDomain)
            ? name
            : throw new UsageException(
                $"The source '{name}' is no name; expected lower-case letters, digits and hyphens, and none of {EngineEvents.Source}, {ExternalKey.ByAddress}, {ExternalKey.ByDomain}."
            );

    /// <exception cref="UsageException">One of them is no <c>heading=column</c>.</exception>
    public static Dictionary<string, string> Map(IEnumerable<string> pairs)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var at = pair.LastIndexOf('=');
            if (at <= 0 || at == pair.Length - 1)
            {
                throw new UsageException(
                    $"The mapping '{pair}' is none; expected 'heading=column', such as 'Firma=company'."
                );
            }

            map[pair[..at]] = pair[(at + 1)..];
        }

        return map;
    }

    /// <summary>Whether columns that are not known are passed over; null asks for it no more than a fault does.</summary>
    /// <exception cref="UsageException">It is neither <c>pass</c> nor <c>fault</c>.</exception>
    public static bool PassesOthers(string? others) =>
        others switch
        {
            null or "fault" => false,
            "pass" => true,
            _ => throw new UsageException($"'others' is '{others}'; expected 'pass' or 'fault'."),
        };

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$")]
    private static partial Regex SourceName();
}
