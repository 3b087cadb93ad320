using System.Text;
using BenchmarkDotNet.Attributes;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Benchmarks;

/// <summary>
/// What looking for sensitive values costs, all detectors on, for a thousand rows of ten values: the bytes (printed once) divided by the time are GB/s. Beside it the same
/// detectors as compiled regular expressions, over text that is decoded already.
/// </summary>
[GroupBenchmarksBy(BenchmarkDotNet.Configs.BenchmarkLogicalGroupRule.ByParams)]
public class DetectionBenchmarks
{
    private const int Rows = 1000;

    private readonly Scanner _scanner = new(DetectorSet.All, 50);
    private readonly FindingBuffer _findings = new();
    private byte[][] _values = [];
    private string[] _texts = [];

    /// <summary>One value in so many holds something; 0: none does.</summary>
    [Params(0, 100)]
    public int OneIn { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _values = DetectionRows.Make(Rows, OneIn);
        _texts = [.. _values.Select(Encoding.UTF8.GetString)];
        Console.WriteLine($"// one in {OneIn}: {_values.Sum(value => value.Length)} bytes, {_values.Length} values");
    }

    [Benchmark(Baseline = true)]
    public int Detectors()
    {
        var found = 0;
        foreach (var value in _values)
        {
            _findings.Clear();
            _scanner.Scan(value, 0, ContextHints.None, _findings);
            found += _findings.Count;
        }
        return found;
    }

    [Benchmark]
    public int CompiledRegexes()
    {
        var found = 0;
        foreach (var text in _texts)
        {
            foreach (var pattern in DetectionPatterns.Compiled)
            {
                foreach (var match in pattern.EnumerateMatches(text))
                    found += match.Length > 0 ? 1 : 0;
            }
        }
        return found;
    }
}
