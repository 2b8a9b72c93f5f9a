using NurtureEngine.Benchmarks.Email;
using NurtureEngine.Benchmarks.Intake;
using NurtureEngine.Benchmarks.Measuring;
using NurtureEngine.Benchmarks.Pages;
using NurtureEngine.Benchmarks.Templating;
using NurtureEngine.Benchmarks.Tracks;

// dotnet run -c Release --project tests/NurtureEngine.Benchmarks -- <name>; the last line is the result as one JSON object.
var benchmarks = new SortedDictionary<string, Func<Task<Result>>>(StringComparer.Ordinal)
{
    ["advance"] = () => AdvanceBenchmark.RunAsync(measuresMemory: false),
    ["claim"] = ClaimBenchmark.RunAsync,
    ["condition"] = () => Task.FromResult(ConditionBenchmark.Run()),
    ["dispatch"] = DispatchBenchmark.RunAsync,
    ["facts"] = FactsBenchmark.RunAsync,
    ["hosts-far"] = DispatchBenchmark.RunHostsAsync,
    ["import"] = ImportBenchmark.RunAsync,
    ["intake"] = IntakeBenchmark.RunAsync,
    ["flow"] = FlowBenchmark.RunAsync,
    ["gate"] = DispatchBenchmark.RunGateAsync,
    ["memory"] = () => AdvanceBenchmark.RunAsync(measuresMemory: true),
    ["pages"] = PagesBenchmark.RunAsync,
    ["smtp"] = () => SmtpBenchmark.RunAsync(signs: false),
    ["smtp-far"] = SmtpBenchmark.RunFarAsync,
    ["smtp-signed"] = () => SmtpBenchmark.RunAsync(signs: true),
    ["render"] = () => Task.FromResult(RenderBenchmark.Run(isModelRebuilt: false)),
    ["render-fresh"] = () => Task.FromResult(RenderBenchmark.Run(isModelRebuilt: true)),
};

if (args is not [var name] || !benchmarks.TryGetValue(name, out var run))
{
    await Console.Error.WriteLineAsync($"Name one benchmark: {string.Join(", ", benchmarks.Keys)}.");
    return 2;
}

Console.WriteLine((await run()).ToJson());
return 0;
