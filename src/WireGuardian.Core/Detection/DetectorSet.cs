namespace WireGuardian.Core.Detection;

/// <summary>Some of the detectors.</summary>
/// <param name="Bits">One bit per <see cref="Detector"/>.</param>
public readonly record struct DetectorSet(uint Bits)
{
    public static DetectorSet None => default;

    public static DetectorSet All { get; } = new((1u << Enum.GetValues<Detector>().Length) - 1);

    public static DetectorSet Of(params ReadOnlySpan<Detector> detectors)
    {
        var bits = 0u;
        foreach (var detector in detectors)
            bits |= 1u << (int)detector;
        return new(bits);
    }

    public bool Contains(Detector detector) => (Bits >> (int)detector & 1) != 0;

    /// <summary>True when any of <paramref name="others"/> is in the set.</summary>
    public bool Overlaps(DetectorSet others) => (Bits & others.Bits) != 0;

    public override string ToString()
    {
        var bits = Bits;
        return string.Join(' ', DetectorNames.All.Where((_, index) => (bits >> index & 1) != 0));
    }
}
