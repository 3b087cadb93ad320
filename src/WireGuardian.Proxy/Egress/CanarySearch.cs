using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using WireGuardian.Core.Policies;

namespace WireGuardian.Proxy.Egress;

/// <summary>
/// Looks for several byte strings at once. Of each it knows three neighbouring bytes; sixteen places at a time are compared with all of those by table look-ups on
/// half bytes (the algorithm called Teddy), and only where they fit the value is compared whole. Cannot change, so sessions share it.
/// </summary>
public sealed class CanarySearch
{
    private const int Window = 3;
    private const int Buckets = 8;

    private readonly Canary[][] _buckets;
    private readonly int[][] _offsets;
    private readonly Vector128<byte>[] _low = new Vector128<byte>[Window];
    private readonly Vector128<byte>[] _high = new Vector128<byte>[Window];

    /// <param name="canaries">At least one.</param>
    public CanarySearch(IReadOnlyList<Canary> canaries)
    {
        ArgumentOutOfRangeException.ThrowIfZero(canaries.Count);
        ShortestLength = canaries.Min(canary => canary.Value.Length);
        LongestLength = canaries.Max(canary => canary.Value.Length);
        _buckets = new Canary[Math.Min(Buckets, canaries.Count)][];
        _offsets = new int[_buckets.Length][];
        var (low, high) = (new byte[Window * 16], new byte[Window * 16]);
        for (var bucket = 0; bucket < _buckets.Length; bucket++)
        {
            _buckets[bucket] = [.. canaries.Where((_, index) => index % Buckets == bucket)];
            _offsets[bucket] = [.. _buckets[bucket].Select(canary => RarestWindow(canary.Value.Span))];
            foreach (var (canary, offset) in _buckets[bucket].Zip(_offsets[bucket]))
            {
                for (var place = 0; place < Window; place++)
                {
                    var value = canary.Value.Span[offset + place];
                    low[place * 16 + (value & 15)] |= (byte)(1 << bucket);
                    high[place * 16 + (value >> 4)] |= (byte)(1 << bucket);
                }
            }
        }
        for (var place = 0; place < Window; place++)
            (_low[place], _high[place]) = (Vector128.Create(low, place * 16), Vector128.Create(high, place * 16));
    }

    /// <summary>Fewer bytes than this hold no canary.</summary>
    public int ShortestLength { get; }

    public int LongestLength { get; }

    /// <summary>A canary that stands whole in <paramref name="bytes"/>; null when none does.</summary>
    public Canary? FindIn(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < ShortestLength)
            return null;
        var step = Vector128<byte>.Count + Window - 1;
        if (bytes.Length < step)
        {
            // What is added cannot belong to a value: values are compared within the bytes alone.
            Span<byte> padded = stackalloc byte[step];
            padded.Clear();
            bytes.CopyTo(padded);
            return Check(Candidates(ref MemoryMarshal.GetReference(padded), 0), bytes, 0);
        }
        ref var first = ref MemoryMarshal.GetReference(bytes);
        var last = bytes.Length - step;
        for (var position = 0; ; position = Math.Min(position + Vector128<byte>.Count, last))
        {
            var candidates = Candidates(ref first, position);
            if (candidates != Vector128<byte>.Zero && Check(candidates, bytes, position) is { } found)
                return found;
            if (position == last)
                return null;
        }
    }

    /// <summary>For each of sixteen places the buckets, as bits, whose windows may begin there.</summary>
    private Vector128<byte> Candidates(ref byte first, int position)
    {
        var result = Vector128<byte>.AllBitsSet;
        for (var place = 0; place < Window; place++)
        {
            var bytes = Vector128.LoadUnsafe(ref first, (nuint)(position + place));
            result &= Vector128.ShuffleNative(_low[place], bytes & Vector128.Create((byte)15)) & Vector128.ShuffleNative(_high[place], bytes >>> 4);
        }
        return result;
    }

    private Canary? Check(Vector128<byte> candidates, ReadOnlySpan<byte> bytes, int position)
    {
        for (var place = 0; place < Vector128<byte>.Count; place++)
        {
            for (var bits = candidates[place]; bits != 0; bits &= (byte)(bits - 1))
            {
                if (Check(System.Numerics.BitOperations.TrailingZeroCount(bits), bytes, position + place) is { } found)
                    return found;
            }
        }
        return null;
    }

    private Canary? Check(int bucket, ReadOnlySpan<byte> bytes, int windowStart)
    {
        for (var index = 0; index < _buckets[bucket].Length; index++)
        {
            var canary = _buckets[bucket][index];
            var start = windowStart - _offsets[bucket][index];
            if (start >= 0 && start + canary.Value.Length <= bytes.Length && bytes.Slice(start, canary.Value.Length).SequenceEqual(canary.Value.Span))
                return canary;
        }
        return null;
    }

    /// <summary>Where the bytes stand that turn up least by chance; the last such place, as names differ at their ends.</summary>
    private static int RarestWindow(ReadOnlySpan<byte> value)
    {
        var (best, bestCost) = (0, int.MaxValue);
        for (var offset = 0; offset + Window <= value.Length; offset++)
        {
            var cost = Commonness(value[offset]) + Commonness(value[offset + 1]) + Commonness(value[offset + 2]);
            if (cost <= bestCost)
                (best, bestCost) = (offset, cost);
        }
        return best;
    }

    private static int Commonness(byte value) => value switch
    {
        0 or 1 or (byte)' ' or 255 => 8,
        (byte)'e' or (byte)'a' or (byte)'i' or (byte)'n' or (byte)'o' or (byte)'r' or (byte)'s' or (byte)'t' or (byte)'0' or (byte)'1' or (byte)'2' => 6,
        >= (byte)'a' and <= (byte)'z' or >= (byte)'3' and <= (byte)'9' or (byte)'-' or (byte)'.' => 4,
        >= (byte)'A' and <= (byte)'Z' or < (byte)' ' => 3,
        _ => 2,
    };
}
