namespace WireGuardian.Core.Masking.Values;

/// <summary>NULL for everything: the mask of that name, and the answer for types that have no stand-in.</summary>
public sealed class NullMask : IValueMask
{
    public static readonly NullMask Instance = new();

    public MaskResult Apply(Span<byte> value, MaskOutput output) => MaskResult.Null;
}
