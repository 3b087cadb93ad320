namespace WireGuardian.Core.Detection.Detectors;

/// <summary>How random bytes look.</summary>
internal static class Entropy
{
    private const int MostBytes = 256;

    /// <summary>Shannon's entropy of the bytes' frequencies, 0 to 8 bits; of the first 256 bytes.</summary>
    public static double BitsPerByte(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, MostBytes)];
        if (bytes.IsEmpty)
            return 0;
        Span<ushort> counts = stackalloc ushort[256];
        counts.Clear();
        foreach (var unit in bytes)
            counts[unit]++;
        var sum = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
                sum += count * Math.Log2(count);
        }
        return Math.Log2(bytes.Length) - sum / bytes.Length;
    }
}
