using System.Text;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Tests.Detection;

public sealed class FalsePositiveTests
{
    private const int Each = 2000;
    private const double MostOfAKind = 0.02;
    private const double MostOfADetector = 0.001;

    [Test]
    public void Of_clean_values_hardly_any_is_taken_for_something()
    {
        var scanner = new Scanner(DetectorSet.All, 50);
        var findings = new FindingBuffer();
        var counts = new int[DetectorNames.All.Count];
        var (values, worst, table) = (0, 0.0, new StringBuilder());
        foreach (var (kind, texts) in CleanCorpus.Make(Each, seed: 11))
        {
            var found = 0;
            foreach (var text in texts)
            {
                findings.Clear();
                scanner.Scan(Encoding.UTF8.GetBytes(text), 0, ContextHints.None, findings);
                found += findings.Count > 0 ? 1 : 0;
                foreach (var finding in findings.Findings)
                    counts[(int)finding.Detector]++;
            }
            values += texts.Count;
            table.AppendLine($"| {kind} | {100.0 * found / texts.Count:F2} % |");
            worst = Math.Max(worst, (double)found / texts.Count);
        }
        for (var i = 0; i < counts.Length; i++)
            table.AppendLine($"| {DetectorNames.All[i]} | {counts[i]} of {values} |");
        TestContext.Out.WriteLine(table);
        Assert.That(worst, Is.LessThanOrEqualTo(MostOfAKind));
        Assert.That((double)counts.Max() / values, Is.LessThanOrEqualTo(MostOfADetector));
    }
}
