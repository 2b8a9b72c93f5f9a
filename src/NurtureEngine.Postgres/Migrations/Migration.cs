using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace NurtureEngine.Postgres.Migrations;

/// <summary>
/// One numbered step of the schema. <paramref name="MinProgram"/> is the oldest program (by the number of its newest
/// migration) that still works on a schema with this step.
/// </summary>
internal sealed partial record Migration(int Number, string Name, int MinProgram, string Sql)
{
    public byte[] Hash { get; } = SHA256.HashData(Encoding.UTF8.GetBytes(Sql));

    /// <summary>The program's migrations, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = [.. Load().OrderBy(migration => migration.Number)];

    private static IEnumerable<Migration> Load()
    {
        var assembly = typeof(Migration).Assembly;
        foreach (
            var resource in assembly
                .GetManifestResourceNames()
                .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
            var sql = reader.ReadToEnd();
            var name = FileName().Match(resource);
            var minProgram = int.Parse(MinProgramLine().Match(sql).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            yield return new Migration(
                int.Parse(name.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
                name.Groups[2].Value,
                minProgram,
                sql
            );
        }
    }

    [GeneratedRegex(@"(\d{4})_(\w+)\.sql$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^-- min_program: (\d+)")]
    private static partial Regex MinProgramLine();
}
