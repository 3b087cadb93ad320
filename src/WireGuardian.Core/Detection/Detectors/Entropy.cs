namespace WireGuardian.Core.Detection.Detectors;

/// <summary>How random bytes look.</summary>
internal static class Entropy
{
    private const int MostBytes = 64;

    private static readonly double[] Growth = [.. Enumerable.Range(0, MostBytes).Select(n => (n + 1) * Math.Log2(n + 1) - (n == 0 ? 0 : n * Math.Log2(n)))];

    /// <summary>Shannon's entropy of the bytes' frequencies, 0 to 8 bits; of the first 64 bytes.</summary>
    public static double BitsPerByte(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Math.Min(bytes.Length, MostBytes)];
        if (bytes.IsEmpty)
            return 0;
        Span<byte> counts = stackalloc byte[256];
        counts.Clear();
        var sum = 0.0;
        // What n times log n grows by with each byte, so that the counts need not be gone through.
        foreach (var unit in bytes)
            sum += Growth[counts[unit]++];
        return Math.Log2(bytes.Length) - sum / bytes.Length;
    }
}
