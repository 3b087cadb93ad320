using WireGuardian.Core.Masking.Values;

namespace WireGuardian.Core.Detection;

/// <summary>
/// What masking detected values needs to write to, and how often each detector fired. One belongs to a session and is used for all of its values; nothing is allocated once
/// it has grown to what is usual. Not safe for several threads at once.
/// </summary>
public sealed class DetectionScratch
{
    private readonly int[] _counts = new int[DetectorNames.All.Count];

    internal FindingBuffer Findings { get; } = new();

    /// <summary>What a text with escapes spells.</summary>
    internal MaskOutput Spelled { get; } = new();

    internal void Count(ReadOnlySpan<Finding> findings)
    {
        HasCounts |= findings.Length > 0;
        foreach (var finding in findings)
        {
            _counts[(int)finding.Detector]++;
            FoundBytes += finding.Length;
        }
    }

    /// <summary>True when anything was found since the last <see cref="Reset"/>.</summary>
    public bool HasCounts { get; private set; }

    /// <summary>Findings of a detector since the last <see cref="Reset"/>.</summary>
    public int CountOf(Detector detector) => _counts[(int)detector];

    /// <summary>Bytes of all findings since the last <see cref="Reset"/>, as they are spelled without escapes.</summary>
    public long FoundBytes { get; private set; }

    /// <summary>Begins to count anew, once the counts are reported.</summary>
    public void Reset()
    {
        Array.Clear(_counts);
        HasCounts = false;
        FoundBytes = 0;
    }
}
