namespace WireGuardian.Core.Detection;

/// <summary>Counts what detectors find. Called once per read: must not allocate.</summary>
public interface IDetectionStatistics
{
    void CountDetections(string rule, Detector detector, int count);
}
