namespace WireGuardian.Core.Masking.Values;

/// <summary>Puts a stand-in in the place of a value.</summary>
public static class StandIn
{
    /// <summary>Where the stand-in goes: over the value when the lengths are equal, else at the end of the output.</summary>
    public static Span<byte> Place(Span<byte> value, int length, MaskOutput output, out MaskResult result)
    {
        if (value.Length == length)
        {
            result = MaskResult.InPlace;
            return value;
        }
        result = MaskResult.Replaced;
        return output.Extend(length);
    }

    public static MaskResult Put(Span<byte> value, ReadOnlySpan<byte> standIn, MaskOutput output)
    {
        standIn.CopyTo(Place(value, standIn.Length, output, out var result));
        return result;
    }
}
