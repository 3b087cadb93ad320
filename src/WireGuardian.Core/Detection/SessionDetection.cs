using WireGuardian.Core.Policies;

namespace WireGuardian.Core.Detection;

/// <summary>What one session's values are looked into with: scratch space per rule, and what was found there. Not safe for several threads at once.</summary>
public sealed class SessionDetection
{
    private readonly List<(string Rule, DetectionScratch Scratch)> _rules = [];

    /// <summary>The scratch space of a rule; the same for the same name.</summary>
    public DetectionScratch ScratchOf(DetectionRule rule)
    {
        foreach (var (name, scratch) in _rules)
        {
            if (name == rule.Name)
                return scratch;
        }
        var made = new DetectionScratch();
        _rules.Add((rule.Name, made));
        return made;
    }

    /// <summary>Reports what was found since the last time. Allocates nothing.</summary>
    public void Report(IDetectionStatistics statistics)
    {
        foreach (var (rule, scratch) in _rules)
        {
            if (!scratch.HasCounts)
                continue;
            for (var detector = 0; detector < DetectorNames.All.Count; detector++)
            {
                if (scratch.CountOf((Detector)detector) is > 0 and var count)
                    statistics.CountDetections(rule, (Detector)detector, count);
            }
            scratch.Reset();
        }
    }
}
