using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace NurtureEngine.Postgres.Migrations;

/// <summary>
/// One numbered step of the schema. <paramref name="MinProgram"/> is the oldest program (by the number of its newest
/// migration) that still works on a schema with this step.
/// </summary>
/// <remarks>
/// A step runs in one transaction, unless its file says <c>-- outside_transaction</c>, as <c>CREATE INDEX CONCURRENTLY</c> needs: its statements then
/// run one by one, and all of them again where the process died in between, so that each must bear to be repeated. An index that was begun is dropped
/// first: <c>DROP INDEX CONCURRENTLY IF EXISTS</c>.
/// </remarks>
internal sealed partial record Migration(int Number, string Name, int MinProgram, string Sql)
{
    /// <summary>
    /// Work that SQL alone can't do, before the step counts as applied: in transactions of its own, and again from its beginning where the process died
    /// in between, so that it goes by what it finds.
    /// </summary>
    public Func<NpgsqlConnection, CancellationToken, Task>? Code { get; init; }

    private static readonly Dictionary<int, Func<NpgsqlConnection, CancellationToken, Task>> CodeOf = new()
    {
        [13] = AddressIdentityStep.RunAsync,
        [16] = CompanyDomainStep.RunAsync,
    };

    public bool IsOutsideTransaction => OutsideLine().IsMatch(Sql);

    /// <summary>The statements of a step outside a transaction; each ends with a semicolon at the end of a line.</summary>
    public IEnumerable<string> Statements =>
        Sql.Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

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
            var number = int.Parse(name.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            yield return new Migration(number, name.Groups[2].Value, minProgram, sql)
            {
                Code = CodeOf.GetValueOrDefault(number),
            };
        }
    }

    [GeneratedRegex(@"(\d{4})_(\w+)\.sql$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^-- outside_transaction\s*$", RegexOptions.Multiline)]
    private static partial Regex OutsideLine();

    [GeneratedRegex(@"^-- min_program: (\d+)")]
    private static partial Regex MinProgramLine();
}
