namespace WireGuardian.MySql.Rewriting;

/// <summary>Every byte 0, length kept: <c>redact</c> of bytes and bits.</summary>
internal sealed class ZeroBytesMask : IValueMask
{
    public static readonly ZeroBytesMask Instance = new();

    public MaskResult Apply(Span<byte> value, MaskOutput output)
    {
        value.Clear();
        return MaskResult.InPlace;
    }
}
