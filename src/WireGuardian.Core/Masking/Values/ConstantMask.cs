namespace WireGuardian.Core.Masking.Values;

/// <summary>One stand-in for every value of a type.</summary>
/// <param name="standIn">The bytes.</param>
/// <param name="shortest">Fewest bytes that a value of the type has; a shorter one is malformed and becomes NULL.</param>
/// <param name="longest">Most bytes.</param>
public sealed class ConstantMask(byte[] standIn, int shortest, int longest) : IValueMask
{
    /// <summary>For the text format, where a value of any length gets the stand-in.</summary>
    public static ConstantMask Text(ReadOnlySpan<byte> standIn) => new(standIn.ToArray(), 0, int.MaxValue);

    /// <summary>For binary values of a fixed length: that many zero bytes.</summary>
    public static ConstantMask Zero(int length) => new(new byte[length], length, length);

    public MaskResult Apply(Span<byte> value, MaskOutput output) =>
        value.Length < shortest || value.Length > longest ? MaskResult.Null : StandIn.Put(value, standIn, output);
}
