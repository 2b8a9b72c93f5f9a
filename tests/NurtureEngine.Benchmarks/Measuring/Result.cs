using System.Text.Json;

namespace NurtureEngine.Benchmarks.Measuring;

/// <summary>
/// A benchmark's figure, that of the raw reference measured in the same run, and the first divided by the second. Machines
/// differ; the ratio is what can be compared.
/// </summary>
internal sealed record Result(string Benchmark, double Value, string Unit, double Raw)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public double Ratio => Math.Round(Value / Raw, 3);

    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
