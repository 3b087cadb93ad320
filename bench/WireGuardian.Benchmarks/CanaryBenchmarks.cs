using System.Text;
using BenchmarkDotNet.Attributes;
using WireGuardian.Core.Policies;
using WireGuardian.Proxy.Egress;

namespace WireGuardian.Benchmarks;

/// <summary>What looking for canaries costs per send: bytes divided by the time are GB/s. The values share their beginning, and the rows hold it now and then.</summary>
public class CanaryBenchmarks
{
    private byte[] _bytes = [];
    private CanarySearch _search = null!;

    [Params(1, 8, 64)]
    public int Canaries { get; set; }

    [Params(128, 65_536)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Plant()
    {
        _search = new CanarySearch([.. Enumerable.Range(0, Canaries).Select(index =>
            new Canary { Name = $"c{index}", Value = Encoding.ASCII.GetBytes($"canary-{index:x4}-{index * 2654435761u:x8}@example.org") })]);
        string[] words = ["the", "quick", "fox", "1234-5678", "alice@example.org", "canary-", "2026-01-31", "12.50", "\0\0\0\u0004"];
        var random = new Random(1);
        var text = new StringBuilder();
        while (text.Length < Bytes)
            text.Append(words[random.Next(words.Length)]).Append(random.Next(100));
        _bytes = Encoding.ASCII.GetBytes(text.ToString(0, Bytes));
    }

    [Benchmark]
    public bool Find() => _search.FindIn(_bytes) is not null;
}
