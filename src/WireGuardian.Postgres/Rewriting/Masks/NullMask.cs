namespace WireGuardian.Postgres.Rewriting.Masks;

/// <summary>NULL for everything: the mask of that name, and the answer for types that have no stand-in.</summary>
internal sealed class NullMask : IValueMask
{
    public static readonly NullMask Instance = new();

    public MaskResult Apply(Span<byte> value, MaskOutput output) => MaskResult.Null;
}
