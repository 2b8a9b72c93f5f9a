using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using NurtureEngine.Core.Leads;
using NurtureEngine.Core.Leads.Consents;

namespace NurtureEngine.Core.Intake.Imports;

/// <summary>A lead as a row of a file tells of them, checked.</summary>
/// <param name="Line">The row's line in the file, from 1.</param>
/// <param name="Source">The source under which its id is known; <see cref="ExternalKey.ByAddress"/> where it has none.</param>
/// <param name="Id">The id there.</param>
/// <param name="At">Since when what it says is known; UTC.</param>
public sealed record ImportedLead(long Line, string Source, string Id, DateTimeOffset At)
{
    public Dictionary<string, string?> Fields { get; init; } = [];
    public string? CompanyId { get; init; }
    public Dictionary<string, string?>? Company { get; init; }
    public List<Consent>? Consents { get; init; }
    public string? LifeCycle { get; init; }
    public string? Stage { get; init; }

    /// <summary>Whether the row starts no track, however new it is.</summary>
    public bool IsQuiet { get; init; }

    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    [JsonIgnore]
    public ExternalKey Key => new(Source, Id);

    /// <summary>The row as an event of its lead.</summary>
    public CrmEvent ToEvent() =>
        new()
        {
            Type = EventTypes.Imported,
            Lead = Key,
            Stamp = new Stamp(null, At),
            Fields = Fields,
            Company = CompanyId is { } company ? new CompanyPatch(ExternalKey.Parse(company), Company ?? []) : null,
            Consents = [.. Consents ?? []],
            Stage = Stage is { } stage ? new StageChange(LifeCycle, null, stage) : null,
            IsQuiet = IsQuiet,
        };

    /// <summary>Rows of one lane in the form in which they wait to be applied.</summary>
    public static byte[] Write(IReadOnlyList<ImportedLead> leads)
    {
        using var buffer = new MemoryStream();
        using (var packed = new BrotliStream(buffer, CompressionLevel.Fastest))
        {
            JsonSerializer.Serialize(packed, leads, Json);
        }

        return buffer.ToArray();
    }

    /// <summary>Rows that were written by <see cref="Write"/>.</summary>
    public static IReadOnlyList<ImportedLead> Read(byte[] body)
    {
        using var packed = new BrotliStream(new MemoryStream(body), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<List<ImportedLead>>(packed, Json)!;
    }
}
