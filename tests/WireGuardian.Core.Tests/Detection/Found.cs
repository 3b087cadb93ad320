using System.Text;
using WireGuardian.Core.Detection;
using WireGuardian.Core.Detection.Scanning;

namespace WireGuardian.Core.Tests.Detection;

/// <summary>What a scan finds, as text.</summary>
internal static class Found
{
    private static readonly Scanner Scanner = new(DetectorSet.All, 50);

    /// <summary><c>NAME:what</c>, in order, joined by bars.</summary>
    public static string In(string text, ContextHints hints = ContextHints.None, int minimumScore = 50, DetectorSet? enabled = null)
    {
        var scanner = enabled is null && minimumScore == 50 ? Scanner : new Scanner(enabled ?? DetectorSet.All, minimumScore);
        var bytes = Encoding.UTF8.GetBytes(text);
        var names = new List<string>();
        var findings = new FindingBuffer();
        scanner.Scan(bytes, 0, hints, findings);
        findings.Merge();
        foreach (var finding in findings.Findings)
            names.Add($"{DetectorNames.Of(finding.Detector)}:{Encoding.UTF8.GetString(bytes.AsSpan(finding.Offset, finding.Length))}");
        return string.Join('|', names);
    }
}
