using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using WireGuardian.Benchmarks;

if (args is ["audit-throughput", ..])
{
    await AuditThroughput.RunAsync(args.ElementAtOrDefault(1));
    return;
}

// dotnet run -c Release --project bench/WireGuardian.Benchmarks -- --filter '*'     (or --filter '*Masking*')
// Short runs in this process: seconds each, good for seeing what a change does, not for publishing.
var config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "wireguardian-benchmarks"));
BenchmarkSwitcher.FromAssembly(typeof(AnalyzerBenchmarks).Assembly).Run(args, config);
