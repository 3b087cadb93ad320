namespace WireGuardian.Core.Detection;

/// <summary>Where a detector found something in a text.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes; delimiters around the value are not among them.</param>
/// <param name="Detector">What it looks like.</param>
/// <param name="Score">How sure that is, in hundredths: 100 is certain.</param>
public readonly record struct Finding(int Offset, int Length, Detector Detector, int Score)
{
    /// <summary>The byte behind the last.</summary>
    public int End => Offset + Length;
}
