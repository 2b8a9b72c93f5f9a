using NurtureEngine.Benchmarks.Measuring;
using NurtureEngine.Benchmarks.Scriban;

// dotnet run -c Release --project tests/NurtureEngine.Benchmarks -- <name>; the last line is the result as one JSON object.
var benchmarks = new SortedDictionary<string, Func<Result>>(StringComparer.Ordinal)
{
    ["condition"] = ConditionBenchmark.Run,
    ["render"] = () => RenderBenchmark.Run(isModelRebuilt: false),
    ["render-fresh"] = () => RenderBenchmark.Run(isModelRebuilt: true),
};

if (args is not [var name] || !benchmarks.TryGetValue(name, out var run))
{
    await Console.Error.WriteLineAsync($"Name one benchmark: {string.Join(", ", benchmarks.Keys)}.");
    return 2;
}

Console.WriteLine(run().ToJson());
return 0;
