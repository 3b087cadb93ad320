using System.Text;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Tests.Detection;

/// <summary>
/// Precision and recall on the labelled corpus and the clean one. A value counts as found when findings of its detector cover all of it; a finding counts as wrong
/// when it touches nothing that is labelled as that.
/// </summary>
public sealed class QualityTests
{
    private const int MostMisses = 40;
    private const double LowestRecall = 0.98;
    private const double LowestPrecision = 0.95;

    // What has neither a checksum nor a form of its own is measured and not asserted.
    private static readonly DetectorSet Unsure = DetectorSet.Of(Detector.PhoneNumber, Detector.DateOfBirth, Detector.Secret, Detector.ConnectionString);

    [Test]
    public void What_has_a_checksum_or_a_fixed_form_is_found_and_nothing_else()
    {
        var quality = Measure(out var misses);
        var table = new StringBuilder("| detector | labelled | recall | precision | taken for it on clean values |\n|---|---:|---:|---:|---:|\n");
        foreach (var row in quality)
            table.AppendLine($"| {DetectorNames.Of(row.Detector)} | {row.Labelled} | {row.Recall:F3} | {row.Precision:F3} | {row.OnClean} of {row.Clean} |");
        TestContext.Out.WriteLine(table);
        TestContext.Out.WriteLine(string.Join('\n', misses.Take(MostMisses)));
        foreach (var row in quality.Where(row => !Unsure.Contains(row.Detector)))
        {
            Assert.That(row.Labelled, Is.GreaterThan(500), DetectorNames.Of(row.Detector));
            Assert.That(row.Recall, Is.GreaterThanOrEqualTo(LowestRecall), $"recall of {DetectorNames.Of(row.Detector)}");
            Assert.That(row.Precision, Is.GreaterThanOrEqualTo(LowestPrecision), $"precision of {DetectorNames.Of(row.Detector)}");
        }
    }

    private static List<Quality> Measure(out List<string> misses)
    {
        var rows = Enum.GetValues<Detector>().Select(detector => new Quality(detector)).ToList();
        misses = [];
        foreach (var labelled in LabelledCorpus.Make(each: 1200, seed: 5))
        {
            var value = Encoding.UTF8.GetBytes(labelled.Value);
            var text = Encoding.UTF8.GetBytes(labelled.Text);
            var start = labelled.Detector is null ? -1 : text.AsSpan().IndexOf(value);
            var covered = false;
            foreach (var finding in Scan(text))
            {
                var touches = start >= 0 && finding.Offset < start + value.Length && finding.End > start;
                if (finding.Detector == labelled.Detector && touches)
                {
                    rows[(int)finding.Detector].Right++;
                    covered |= finding.Offset <= start && finding.End >= start + value.Length;
                }
                else if (!touches)
                {
                    rows[(int)finding.Detector].Wrong++;
                    misses.Add($"taken for {finding.Detector}: {labelled.Text.ReplaceLineEndings(" ")}");
                }
                else
                {
                    // The value under another name is masked all the same, but it is a wrong name.
                    rows[(int)finding.Detector].Wrong++;
                    misses.Add($"{labelled.Detector} taken for {finding.Detector}: {labelled.Text.ReplaceLineEndings(" ")}");
                }
            }
            if (labelled.Detector is not { } detector)
                continue;
            rows[(int)detector].Labelled++;
            rows[(int)detector].Found += covered ? 1 : 0;
            if (!covered)
                misses.Add($"{detector} missed: {labelled.Text.ReplaceLineEndings(" ")}");
        }
        foreach (var (_, texts) in CleanCorpus.Make(each: 500, seed: 17))
        {
            foreach (var text in texts)
            {
                rows.ForEach(row => row.Clean++);
                foreach (var finding in Scan(Encoding.UTF8.GetBytes(text)))
                    rows[(int)finding.Detector].OnClean++;
            }
        }
        return rows;
    }

    private static Finding[] Scan(byte[] text)
    {
        var findings = new FindingBuffer();
        new Scanner(DetectorSet.All, 50).Scan(text, 0, ContextHints.None, findings);
        findings.Merge();
        return findings.Findings.ToArray();
    }

    private sealed class Quality(Detector detector)
    {
        public Detector Detector => detector;

        public int Labelled { get; set; }

        public int Found { get; set; }

        public int Right { get; set; }

        public int Wrong { get; set; }

        public int Clean { get; set; }

        public int OnClean { get; set; }

        public double Recall => Labelled == 0 ? 1 : (double)Found / Labelled;

        public double Precision => Right == 0 ? 1 : (double)Right / (Right + Wrong + OnClean);
    }
}
